// When the next track of an album has to begin, so that nobody hears where one recording ends. Pure.
import type { Resource } from "../playback/api";

type Gapless = Resource["gapless"];

/** Where a recording lies on its stream's clock, in seconds: the encoder's silence before and after it is left out. */
export interface Span {
  start: number;
  end: number;
}

/** 1,024 samples before 441,000 at 44,100 Hz: from 0.0232 to 10.0232. Without numbers, all of the stream. */
export function spanOf(gapless: Gapless, duration: number): Span {
  if (!gapless?.sample_rate) return { start: 0, end: duration };
  const start = gapless.delay / gapless.sample_rate;
  const end = start + gapless.samples / gapless.sample_rate;
  return { start, end: Number.isFinite(duration) ? Math.min(end, duration) : end };
}

/** Milliseconds from now to the moment to ask for the next track, which sounds `latency_ms` after it was asked for. */
export function wait(position: number, end: number, rate: number, latency_ms: number): number {
  return ((end - position) / rate) * 1000 - latency_ms;
}

const FIRST_GUESS_MS = 12;
const LONGEST_MS = 400; // more was a computer that slept

/** How long an element of this browser takes from `play()` to sound: learnt from each join. */
export class Latency {
  expected_ms = FIRST_GUESS_MS;
  private known = 0;

  learn(measured_ms: number): void {
    if (measured_ms < 0 || measured_ms > LONGEST_MS) return;
    this.known += 1;
    this.expected_ms += (measured_ms - this.expected_ms) / Math.min(this.known, 4);
  }
}
