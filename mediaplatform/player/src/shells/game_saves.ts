// What a game wants to keep. Its own storage is closed to it (an opaque origin), so it asks the page around it by
// messages, and gets what was kept in its frame's name, which it can read before its first line runs.
import { recall, remember } from "./place";

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

/** Keeps one game's saves for as long as its frame is there; a game with nothing to keep leaves nothing. */
export class GameSaves {
  private saves: Saves;
  private readonly key: string;
  private readonly listen = (event: MessageEvent) => this.take(event);

  constructor(
    resourceId: number,
    private readonly frame: HTMLIFrameElement,
  ) {
    this.key = `mediaplatform.saves.${resourceId}`;
    this.saves = read(recall(this.key));
    frame.name = JSON.stringify({ mediaplatform: this.saves });
    addEventListener("message", this.listen);
  }

  close(): void {
    removeEventListener("message", this.listen);
  }

  /** Only this frame's own window is heard: its origin says nothing, being opaque. */
  private take(event: MessageEvent): void {
    if (event.source !== this.frame.contentWindow) return;
    const next = change(this.saves, event.data);
    if (!next) return;
    this.saves = next;
    remember(this.key, JSON.stringify(next));
  }
}

function read(text: string | undefined): Saves {
  try {
    const kept = JSON.parse(text ?? "{}") as unknown;
    const entries = Object.entries(kept as object).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
