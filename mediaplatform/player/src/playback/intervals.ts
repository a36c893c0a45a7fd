// What was heard: a union of [from, to] in seconds of the resource. Pure.

export type Interval = [from: number, to: number];

/** Return the union of intervals, in order; those that touch within 0.05 s are one. */
export function union(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const [from, to] of [...intervals].sort((one, other) => one[0] - other[0])) {
    const last = joined.at(-1);
    if (to <= from) continue;
    if (last && from <= last[1] + 0.05) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/**
 * Follows a playhead. A step forward is heard if it is as long as the time that went by at the playback rate allows
 * (with half a second to spare: browsers report late); a larger one, or one back, was a jump.
 */
export class Listened {
  private intervals: Interval[] = [];
  private at: { position: number; clock: number } | null = null;

  /** The playhead stands here now, playing. `clock` in seconds, from any origin. */
  advance(position: number, clock: number, rate: number): void {
    if (this.at) {
      const step = position - this.at.position;
      const allowed = (clock - this.at.clock) * rate + 0.5;
      if (step > 0 && step <= allowed) this.intervals.push([this.at.position, position]);
    }
    this.at = { position, clock };
  }

  /** Playing stopped or jumped: what comes next begins anew. */
  interrupt(): void {
    this.at = null;
  }

  /** Return what was heard since the last call, rounded to hundredths, and forget it. */
  take(): Interval[] {
    const taken = union(this.intervals).map(([from, to]): Interval => [round(from), round(to)]);
    this.intervals = [];
    return taken;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
