// What a game wants to keep. Its own storage is closed to it (an opaque origin), so it asks the page around it by
// messages, and gets what was kept in its frame's name, which it can read before its first line runs.
import * as api from "../playback/api";
import type { Session } from "../playback/session";
import { forget, recall, remember } from "./place";

export const QUOTA = 512 * 1024; // letters, keys and values of one game together
const MOST_KEYS = 500;
const LONGEST_KEY = 200;

export type Saves = Record<string, string>;

/** Return the saves after a change that a game asks for, or null where it is none or would pass the quota. Pure. */
export function change(saves: Saves, asked: unknown): Saves | null {
  if (typeof asked !== "object" || asked === null) return null;
  const { type, key, value } = asked as Record<string, unknown>;
  if (type === "mediaplatform:clear") return {};
  if (typeof key !== "string" || !key || key.length > LONGEST_KEY || key === "__proto__") return null;
  const rest = Object.fromEntries(Object.entries(saves).filter(([name]) => name !== key));
  if (type === "mediaplatform:remove") return rest;
  if (type !== "mediaplatform:save" || typeof value !== "string") return null;
  const next = { ...rest, [key]: value };
  const size = Object.entries(next).reduce((sum, [name, kept]) => sum + name.length + kept.length, 0);
  return size <= QUOTA && Object.keys(next).length <= MOST_KEYS ? next : null;
}

/** What this browser has of a profile's game; `isUnsent`: the platform does not have it yet. */
interface Local {
  items: Saves;
  isUnsent: boolean;
}

const TELL_AFTER_MS = 1500;
const RETRY_MS = 15_000;
const SMALL = 50_000; // letters that a page may still send as it goes

/** Keeps one game's saves: on the platform, for the profile, or in this browser if the profile does without. */
export class GameSaves {
  private timer = 0;
  private frame: HTMLIFrameElement | null = null;
  private readonly listen = (event: MessageEvent) => this.take(event);
  private readonly leave = () => void this.send();

  private constructor(
    private readonly session: Session,
    private readonly key: string,
    private saves: Saves,
    private isKept: boolean,
  ) {}

  /** Find what the profile's game has kept. Without an answer it begins with nothing, and nothing is overwritten. */
  static async open(session: Session): Promise<GameSaves> {
    const resource = session.opened.resource.id;
    const answer = await api.readSaves(resource).catch(() => null);
    if (!answer) return new GameSaves(session, "", {}, false);
    const key = `mediaplatform.saves.${answer.profile_id}.${resource}`;
    const here = readLocal(recall(key));
    const isOurs = !answer.is_kept || here.isUnsent;
    const found = new GameSaves(session, key, isOurs ? here.items : read(answer.items), answer.is_kept);
    if (answer.is_kept && here.isUnsent) found.plan(0);
    return found;
  }

  /** Give a frame what was kept, before it loads: it reads its name. */
  lend(frame: HTMLIFrameElement): void {
    this.frame = frame;
    frame.name = JSON.stringify({ mediaplatform: this.saves });
    addEventListener("message", this.listen);
    addEventListener("pagehide", this.leave);
  }

  close(): void {
    removeEventListener("message", this.listen);
    removeEventListener("pagehide", this.leave);
    void this.send();
  }

  /** Only this frame's own window is heard: its origin says nothing, being opaque. */
  private take(event: MessageEvent): void {
    if (!this.frame || event.source !== this.frame.contentWindow) return;
    const next = change(this.saves, event.data);
    if (!next) return;
    this.saves = next;
    if (!this.key) return;
    remember(this.key, JSON.stringify({ items: next, isUnsent: this.isKept } satisfies Local));
    if (this.isKept && !this.timer) this.plan(TELL_AFTER_MS);
  }

  private plan(after_ms: number): void {
    this.timer = window.setTimeout(() => void this.send(), after_ms);
  }

  private async send(): Promise<void> {
    if (!this.timer) return; // nothing new
    clearTimeout(this.timer);
    this.timer = 0;
    const sent = this.saves;
    const items = JSON.stringify(sent);
    try {
      const isKept = await api.writeSaves(this.session.opened.resource.id, this.session.addresses.token, items, items.length < SMALL);
      this.isKept = isKept;
      if (!isKept) remember(this.key, JSON.stringify({ items: this.saves, isUnsent: false } satisfies Local));
      else if (sent === this.saves) forget(this.key);
    } catch (error) {
      if (!(error instanceof api.Problem)) this.plan(RETRY_MS); // no network; a refusal would be one again
    }
  }
}

function readLocal(text: string | undefined): Local {
  try {
    const kept = JSON.parse(text ?? "{}") as Partial<Local>;
    return { items: read(JSON.stringify(kept.items ?? {})), isUnsent: kept.isUnsent === true };
  } catch {
    return { items: {}, isUnsent: false };
  }
}

function read(text: string): Saves {
  try {
    const kept = JSON.parse(text) as unknown;
    const entries = Object.entries(kept as object).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
