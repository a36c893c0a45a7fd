// Makes the next track ready near the end of this one, and starts it at the right moment.
import type { QueueItem } from "../playback/api";
import type { Deck } from "./deck";
import { Latency, wait } from "./joining";

const READY_BEFORE_S = 20;
const AIM_BEFORE_MS = 400;
const WATCH_MS = 25; // nearer than this, the playhead is looked at every millisecond

export interface Joint {
  from: Deck;
  to: Deck;
  next: QueueItem | null;
  rate: number;
}

export class Joiner {
  private readonly latency = new Latency();
  private timer = 0;
  private failed: QueueItem | null = null;

  /** `now`: the next track has begun, the other deck's is over. */
  constructor(private readonly now: (joint: Joint) => void) {}

  /** The playhead moved: make ready, or take aim. */
  advance(joint: Joint): void {
    const { from, to, next, rate } = joint;
    if (!next || this.timer) return;
    const left = (from.span.end - from.audio.currentTime) / rate;
    if (to.loaded?.item !== next && this.failed !== next && left < READY_BEFORE_S) this.prepare(to, next);
    if (left * 1000 < AIM_BEFORE_MS + 300 && to.isReady(next)) this.aim(joint);
  }

  /** Forget what was aimed at: a pause, a seek, another choice. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.failed = null;
  }

  private prepare(to: Deck, next: QueueItem): void {
    this.failed = next; // asked once: if it can't be had now, the track begins as any other does
    to.prepare(next).catch(() => to.empty());
  }

  private aim(joint: Joint): void {
    const { from, to, next, rate } = joint;
    const left = wait(from.audio.currentTime, from.span.end, rate, this.latency.expected_ms);
    if (left <= 0.5) {
      this.timer = 0;
      if (next && to.isReady(next) && !from.audio.paused) this.begin(joint);
      return;
    }
    this.timer = window.setTimeout(() => this.aim(joint), left > WATCH_MS ? left - WATCH_MS : 0);
  }

  private begin(joint: Joint): void {
    const { audio } = joint.to;
    const asked = performance.now();
    const start = audio.currentTime;
    const listen = () => {
      const sounded_ms = ((audio.currentTime - start) / joint.rate) * 1000;
      if (sounded_ms <= 0) return void requestAnimationFrame(listen);
      this.latency.learn(performance.now() - asked - sounded_ms);
    };
    audio.addEventListener("playing", listen, { once: true });
    this.failed = null;
    this.now(joint);
  }
}
