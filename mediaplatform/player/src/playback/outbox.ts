// Heartbeats on their way to the play log: in order, kept in the browser while the platform can't be reached, and sent by
// whichever page comes next. The same one twice counts once, so that what is unsure is sent again.

const PREFIX = "mediaplatform.beat.";
const MOST = 500;
const LONGEST_MS = 7 * 24 * 3600 * 1000; // then their day is closed
const RETRY_S = 10;
const PATIENCE_MS = 15_000;

export interface Beat {
  sequence: number;
  intervals: [number, number][];
  rate: number;
  position_s: number;
  event: "start" | "tick" | "pause" | "seek" | "end" | "hide";
  client_at: string;
}

export interface Letter {
  session: string;
  url: string;
  beat: Beat;
}

export type Sent = "acknowledged" | "refused" | "unreachable";

/** Where letters wait for the next page: `localStorage`, or a map in tests. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Send one heartbeat; refused ones (the playback was ended, or too old) will never be taken and are forgotten. */
export async function send({ url, beat }: Letter): Promise<Sent> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(beat),
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) return "acknowledged";
    return answer.status >= 500 || answer.status === 429 ? "unreachable" : "refused";
  } catch {
    return "unreachable";
  }
}

export class Outbox {
  private waiting: Letter[] = [];
  private isSending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly shelf: Shelf | null,
    private readonly deliver: (letter: Letter) => Promise<Sent> = send,
  ) {}

  /** Send a letter after those that wait. */
  post(letter: Letter): void {
    this.waiting.push(letter);
    void this.flush();
  }

  /** Send what waits, until one can't be: then all of it is kept, and tried again in a while. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        if ((await this.deliver(next)) === "unreachable") {
          this.keep();
          this.timer = setTimeout(() => void this.flush(), RETRY_S * 1000);
          return;
        }
        this.waiting.shift();
        this.forget(next);
      }
    } finally {
      this.isSending = false;
    }
  }

  /** The page goes: beacons carry what waits, and all of it is kept for the next page, which can be sure. */
  leave(): void {
    this.keep();
    for (const { url, beat } of this.waiting) {
      navigator.sendBeacon(url, new Blob([JSON.stringify(beat)], { type: "application/json" }));
    }
  }

  /** Take up what earlier pages kept, oldest first. `now`: in ms, as Date.now(). */
  collect(now: number): void {
    const mine = new Set(this.waiting.map(keyOf));
    const found = this.kept().filter(({ key }) => !mine.has(key));
    for (const { key, letter } of found) {
      if (now - Date.parse(letter.beat.client_at) > LONGEST_MS) this.shelf?.removeItem(key);
      else this.waiting.push(letter);
    }
    if (this.waiting.length) void this.flush();
  }

  private keep(): void {
    try {
      for (const letter of this.waiting) this.shelf?.setItem(keyOf(letter), JSON.stringify(letter));
      const kept = this.kept();
      for (const { key } of kept.slice(0, Math.max(0, kept.length - MOST))) this.shelf?.removeItem(key);
    } catch {
      // A browser that keeps nothing loses at most what it could not send.
    }
  }

  private forget(letter: Letter): void {
    this.shelf?.removeItem(keyOf(letter));
  }

  private kept(): { key: string; letter: Letter }[] {
    const found: { key: string; letter: Letter }[] = [];
    for (let at = 0; at < (this.shelf?.length ?? 0); at += 1) {
      const key = this.shelf?.key(at);
      if (!key?.startsWith(PREFIX)) continue;
      const letter = read(this.shelf?.getItem(key) ?? "");
      if (letter) found.push({ key, letter });
    }
    return found.sort((one, other) => order(one.letter, other.letter));
  }
}

/** The outbox of this page. */
export const outbox = new Outbox(shelfOfBrowser());

const keyOf = ({ session, beat }: Letter): string => `${PREFIX}${session}.${beat.sequence}`;

const order = (one: Letter, other: Letter): number =>
  one.session === other.session ? one.beat.sequence - other.beat.sequence : one.beat.client_at.localeCompare(other.beat.client_at);

function read(text: string): Letter | null {
  try {
    const letter = JSON.parse(text) as Partial<Letter>;
    return letter.session && letter.url && letter.beat ? (letter as Letter) : null;
  } catch {
    return null;
  }
}

function shelfOfBrowser(): Shelf | null {
  try {
    return typeof localStorage === "undefined" ? null : localStorage;
  } catch {
    return null; // storage is blocked
  }
}
