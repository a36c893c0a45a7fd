// Tells the play log what was heard: every few seconds, at each turn, and once more as the page goes.
import type { Session } from "./session";
import { Listened } from "./intervals";
import { type Beat, type Kept, keep, send } from "./kept";

export interface Position {
  position_s: number;
  rate: number;
}

/** Reports one session. `where` says where the playhead is; call `advance` as it moves. */
export class Reporter {
  readonly listened = new Listened();
  private sequence = 0;
  private waiting: Kept[] = [];
  private sending: Promise<void> | null = null;
  private readonly timer: number;
  private readonly hide = () => this.leave();
  private readonly conceal = () => document.visibilityState === "hidden" && this.report("hide");

  constructor(
    private readonly session: Session,
    private readonly where: () => Position,
  ) {
    this.timer = window.setInterval(() => this.tick(), session.opened.heartbeat_every_s * 1000);
    addEventListener("pagehide", this.hide);
    document.addEventListener("visibilitychange", this.conceal);
    this.report("start");
  }

  /** The playhead moved while playing. */
  advance(): void {
    const { position_s, rate } = this.where();
    this.listened.advance(position_s, performance.now() / 1000, rate);
  }

  /** Something happened that the log should know now. */
  report(event: Beat["event"]): void {
    const { position_s, rate } = this.where();
    const intervals = this.listened.take();
    if (event === "tick" && !intervals.length) return;
    this.sequence += 1;
    const client_at = new Date().toISOString();
    const beat: Beat = { sequence: this.sequence, intervals, rate, position_s: Math.max(0, position_s), event, client_at };
    this.waiting.push({ url: this.session.addresses.heartbeat_url, beat });
    void this.flush();
  }

  /** Nothing more will be heard of this session. */
  close(event: "end" | "pause" = "pause"): void {
    this.report(event);
    clearInterval(this.timer);
    removeEventListener("pagehide", this.hide);
    document.removeEventListener("visibilitychange", this.conceal);
    this.session.close();
  }

  private tick(): void {
    this.report("tick");
    void this.flush();
  }

  private async flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if ((await send(next)) === "unreachable") return;
      this.waiting.shift();
    }
  }

  /** The page goes: a beacon carries the last heartbeat; whatever is unsure is sent again by the next page. */
  private leave(): void {
    this.report("hide");
    for (const { url, beat } of this.waiting) {
      navigator.sendBeacon(url, new Blob([JSON.stringify(beat)], { type: "application/json" }));
    }
    keep(this.waiting);
    this.waiting = [];
  }
}
