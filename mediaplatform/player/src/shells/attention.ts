// Time spent with a book or a game: counted while its page is seen and somebody does something now and then.
import { Reporter } from "../playback/reporter";
import type { Session } from "../playback/session";

const EVERY_S = 1;

/** Reports seconds of attention as intervals on a clock of its own, which stands still when nobody is there. */
export class Attention {
  private seconds = 0;
  private lastAct = performance.now();
  private readonly reporter: Reporter;
  private readonly timer: number;

  /** `idleAfterS`: how long nothing may happen before the clock stands still. */
  constructor(
    session: Session,
    private readonly idleAfterS: number,
  ) {
    this.reporter = new Reporter(session, () => ({ position_s: this.seconds, rate: 1 }));
    this.reporter.advance();
    this.timer = window.setInterval(() => this.tick(), EVERY_S * 1000);
  }

  /** Somebody did something. */
  act(): void {
    this.lastAct = performance.now();
  }

  close(): void {
    clearInterval(this.timer);
    this.reporter.close();
  }

  private tick(): void {
    const isThere = document.visibilityState === "visible" && performance.now() - this.lastAct < this.idleAfterS * 1000;
    if (!isThere) {
      this.reporter.listened.interrupt();
      return;
    }
    this.reporter.advance();
    this.seconds += EVERY_S;
    this.reporter.advance();
  }
}
