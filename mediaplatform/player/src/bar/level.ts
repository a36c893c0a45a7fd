// By what number recordings are made equally loud: the listener's choice, kept in this browser.
import type { QueueItem, Resource } from "../playback/api";

export type Level = "album" | "track" | "off";

export const LEVELS: Level[] = ["album", "track", "off"];
const KEY = "mediaplatform.level";

/** Return the choice that was kept; the album's otherwise. */
export function readLevel(): Level {
  try {
    const kept = localStorage.getItem(KEY);
    return LEVELS.find((level) => level === kept) ?? "album";
  } catch {
    return "album";
  }
}

/** Keep a choice. */
export function keepLevel(level: Level): void {
  try {
    localStorage.setItem(KEY, level);
  } catch {
    // It holds until the page goes.
  }
}

/** Decibels for a recording. An album that plays in order is one piece, what is soft in it stays soft; in a mixed queue each is alike. */
export function gainFor(level: Level, resource: Pick<Resource, "gain_db" | "album_gain_db">, queue: readonly QueueItem[]): number {
  if (level === "off") return 0;
  const isAlbum = queue.every((item) => item.release_id === queue[0]?.release_id);
  return level === "album" && isAlbum ? resource.album_gain_db : resource.gain_db;
}
