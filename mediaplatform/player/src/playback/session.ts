// One playback session: its token, renewed before it runs out, and addresses that always carry the newest one.
import { type Addresses, type Opened, Problem, open, remember, renew } from "./api";

const UNDER_TOKEN = /\/m\/[^/]+\//;
const RETRY_S = 15;
const SEAT_LAPSES_S = 90;

export class Session {
  addresses: Addresses;
  /** Called once if the platform ends the playback: its words say why. */
  onRefused: (problem: Problem) => void = () => undefined;
  private timer = 0;
  private renewing: Promise<void> | null = null;
  private isOver = false;
  private keepsPosition = true;
  private seatedAt = performance.now();

  private constructor(readonly opened: Opened) {
    this.addresses = opened;
    this.plan(opened.renew_after_s);
  }

  /** Open a session. Throws: as api.open. */
  static async open(resourceId: number): Promise<Session> {
    return new Session(await open(resourceId));
  }

  /** Return a URL under an old token as it is under the newest: playlists name their segments once, tokens live minutes. */
  current(url: string): string {
    return url.replace(UNDER_TOKEN, `/m/${this.addresses.token}/`);
  }

  /** Ask for the next token now: the old one was refused, or the computer slept. Asked twice at once, it is one request. */
  renewNow(): Promise<void> {
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** Playing goes on: after a pause longer than a seat is kept for, the seat is asked for again. */
  resume(): void {
    if (performance.now() - this.seatedAt > SEAT_LAPSES_S * 1000) void this.renewNow();
    this.seatedAt = performance.now();
  }

  /** Playing stands still from here on. */
  pause(): void {
    this.seatedAt = performance.now();
  }

  /** Keep the place for other devices, if the profile's history is on; the first answer says so. */
  remember(position_s: number, locator = ""): void {
    if (!this.keepsPosition) return;
    remember({ token: this.addresses.token, position_s: Math.max(0, Math.floor(position_s)), locator })
      .then((isKept) => (this.keepsPosition = isKept))
      .catch(() => undefined); // the next one will do
  }

  /** Stop renewing: another session of this browser takes over the seat. */
  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Stop renewing and free the seat at once. */
  close(): void {
    if (!this.isOver) navigator.sendBeacon(this.addresses.close_url);
    this.stop();
  }

  private plan(seconds: number): void {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = window.setTimeout(() => void this.renewNow(), seconds * 1000);
  }

  private async renew(): Promise<void> {
    if (this.isOver) return;
    try {
      this.addresses = await renew(this.addresses.token);
      this.plan(this.addresses.renew_after_s);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 429) this.plan(RETRY_S);
      else this.refuse(error);
    }
  }

  private refuse(problem: Problem): void {
    if (this.isOver) return; // closed while it was asked
    this.stop();
    this.onRefused(problem);
  }
}
