// Stops by itself: after some minutes, or when the track ends.

export type Sleep = "off" | "track" | number;

export const CHOICES: Sleep[] = ["off", 15, 30, 45, 60, "track"];

export class SleepTimer {
  choice: Sleep = "off";
  private timer = 0;

  constructor(private readonly stop: () => void) {}

  /** Choose minutes, the end of the track, or none. */
  choose(choice: Sleep): void {
    clearTimeout(this.timer);
    this.choice = choice;
    if (typeof choice === "number") this.timer = window.setTimeout(() => this.fall(), choice * 60_000);
  }

  /** A track ended; say whether to stop here. */
  endsTrack(): boolean {
    if (this.choice !== "track") return false;
    this.choice = "off";
    return true;
  }

  private fall(): void {
    this.choice = "off";
    this.stop();
  }
}
