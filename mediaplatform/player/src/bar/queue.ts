// What plays, and what plays next. Pure.
import type { QueueItem } from "../playback/api";

export class Queue {
  private at = -1;

  constructor(readonly items: readonly QueueItem[] = []) {}

  /** Stand on a resource; on the first one if it is not (or none is) named. */
  select(resourceId?: number): QueueItem | null {
    const found = this.items.findIndex((item) => item.resource_id === resourceId);
    this.at = found < 0 ? 0 : found;
    return this.current;
  }

  get current(): QueueItem | null {
    return this.items[this.at] ?? null;
  }

  get next(): QueueItem | null {
    return this.items[this.at + 1] ?? null;
  }

  get previous(): QueueItem | null {
    return this.items[this.at - 1] ?? null;
  }
}
