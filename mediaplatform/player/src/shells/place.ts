// Where somebody stopped, kept in this browser; a private window forgets it with the page.
import type { Session } from "../playback/session";

const TELL_AFTER_MS = 4000; // pages are turned faster than other devices need to know

/** The place kept for a session's resource: in this browser, and for other devices if the profile keeps a history. */
export class Place {
  private readonly key: string;
  private timer = 0;

  constructor(private readonly session: Session) {
    this.key = `mediaplatform.place.${session.opened.resource.id}`;
  }

  recall(): string | undefined {
    return this.session.opened.resume?.locator || recall(this.key);
  }

  remember(place: string): void {
    remember(this.key, place);
    if (this.session.opened.medium !== "book") return; // the reporter tells the seconds of what has any
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.session.remember(0, place), TELL_AFTER_MS);
  }
}

/** Read what was kept under a name. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keep something under a name. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse.
  }
}

/** Keep nothing under a name. */
export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
