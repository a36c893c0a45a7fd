// Brings each recording to the platform's loudness. Turning down needs no more than the volume; turning up, an amplifier.

export class Loudness {
  private context: AudioContext | null = null;
  private gain: GainNode | null = null;
  private wanted = 1;
  private volume = 1;

  constructor(private readonly media: HTMLMediaElement) {}

  /** Play by so many decibels louder or softer. `mayAmplify`: not where the browser plays HLS itself. */
  setGain(decibels: number, mayAmplify: boolean): void {
    this.wanted = 10 ** (decibels / 20);
    if (this.wanted > 1 && mayAmplify && !this.gain) this.amplify();
    void this.context?.resume();
    this.apply();
  }

  /** The listener's own volume, 0 to 1. */
  setVolume(volume: number): void {
    this.volume = volume;
    this.apply();
  }

  private apply(): void {
    if (this.gain) this.gain.gain.value = Math.max(1, this.wanted);
    this.media.volume = Math.min(1, this.volume * Math.min(1, this.wanted));
  }

  private amplify(): void {
    this.context = new AudioContext();
    this.gain = this.context.createGain();
    this.context.createMediaElementSource(this.media).connect(this.gain).connect(this.context.destination);
  }
}
