// One playback session: its token, renewed before it runs out, and addresses that always carry the newest one.
import { type Addresses, type Opened, Problem, open, renew } from "./api";

const UNDER_TOKEN = /\/m\/[^/]+\//;
const RETRY_S = 15;

export class Session {
  addresses: Addresses;
  private timer = 0;

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

  /** Stop renewing. */
  close(): void {
    clearTimeout(this.timer);
  }

  private plan(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.renew(), seconds * 1000);
  }

  private async renew(): Promise<void> {
    try {
      this.addresses = await renew(this.addresses.token);
      this.plan(this.addresses.renew_after_s);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 429) this.plan(RETRY_S);
    }
  }
}
