// Tells the play log what was heard: every few seconds, at each turn, and once more as the page goes.
import type { Session } from "./session";
import { Listened } from "./intervals";
import { type Beat, outbox } from "./outbox";

const REMEMBER_EVERY_S = 30;
const REMEMBERED_AT = new Set<Beat["event"]>(["pause", "seek", "end", "hide"]);

export interface Position {
  position_s: number;
  rate: number;
}

/** Reports one session. `where` says where the playhead is; call `advance` as it moves. */
export class Reporter {
  readonly listened = new Listened();
  private sequence = 0;
  private fastest = 0;
  private remembered = performance.now();
  private readonly timer: number;
  private readonly hide = (event: PageTransitionEvent) => this.leave(event.persisted);
  private readonly conceal = () => document.visibilityState === "hidden" && this.report("hide");

  constructor(
    private readonly session: Session,
    private readonly where: () => Position,
  ) {
    this.timer = window.setInterval(() => this.report("tick"), session.opened.heartbeat_every_s * 1000);
    addEventListener("pagehide", this.hide);
    document.addEventListener("visibilitychange", this.conceal);
    this.report("start");
  }

  /** The playhead moved while playing. */
  advance(): void {
    const { position_s, rate } = this.where();
    this.fastest = Math.max(this.fastest, rate);
    this.listened.advance(position_s, performance.now() / 1000, rate);
  }

  /** Something happened that the log should know now. The rate is the fastest since the last report. */
  report(event: Beat["event"]): void {
    const { position_s, rate } = this.where();
    const intervals = this.listened.take();
    if (event === "tick" && !intervals.length) return;
    this.sequence += 1;
    const beat: Beat = {
      sequence: this.sequence,
      intervals,
      rate: Math.max(this.fastest, rate),
      position_s: Math.max(0, position_s),
      event,
      client_at: new Date().toISOString(),
    };
    this.fastest = 0;
    outbox.post({ session: this.session.opened.session_id, url: this.session.addresses.heartbeat_url, beat });
    this.remember(event, position_s);
  }

  /** Nothing more will be heard of this session. */
  close(event: "end" | "pause" = "pause"): void {
    this.report(event);
    clearInterval(this.timer);
    removeEventListener("pagehide", this.hide);
    document.removeEventListener("visibilitychange", this.conceal);
  }

  /** Let another device go on from here: recordings only, a book's place is its shell's to know. */
  private remember(event: Beat["event"], position_s: number): void {
    const isRecording = this.session.opened.medium === "music" || this.session.opened.medium === "video";
    const isDue = performance.now() - this.remembered > REMEMBER_EVERY_S * 1000;
    if (!isRecording || !(REMEMBERED_AT.has(event) || (event === "tick" && isDue))) return;
    this.remembered = performance.now();
    this.session.remember(position_s);
  }

  /** The page goes; if the browser keeps it, it may come back and play on, and keeps its seat until that lapses. */
  private leave(isKept: boolean): void {
    this.report("hide");
    outbox.leave();
    if (!isKept) this.session.close();
  }
}
