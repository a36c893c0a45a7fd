// Time spent with a book or a game: counted while its page is seen and somebody does something now and then.
import { Reporter } from "../playback/reporter";
import type { Session } from "../playback/session";

const EVERY_S = 1;
const LATE_S = 10;

/** Reports seconds of attention as intervals on a clock of its own, which stands still when nobody is there. */
export class Attention {
  private seconds = 0;
  private lastAct = performance.now();
  private lastTick = performance.now();
  private wasThere = true;
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
    const now = performance.now();
    const isThere = document.visibilityState === "visible" && now - this.lastAct < this.idleAfterS * 1000;
    const elapsed = (now - this.lastTick) / 1000;
    this.lastTick = now;
    if (!isThere) {
      this.reporter.listened.interrupt();
      this.wasThere = false;
      return;
    }
    // A late tick is a busy computer's; a very late one is one that slept.
    if (this.wasThere && elapsed < LATE_S) this.seconds += elapsed;
    else this.reporter.listened.interrupt();
    this.wasThere = true;
    this.reporter.advance();
  }
}
