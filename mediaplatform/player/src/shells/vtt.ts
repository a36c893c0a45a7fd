// WebVTT as our packages hold it: one form, no surprises (catalog/packaging/captions.py). Pure.

export interface Cue {
  start: number;
  end: number;
  text: string;
}

/** Read the cues; what has no times is passed over. */
export function readCues(vtt: string): Cue[] {
  return vtt.split(/\r?\n\r?\n/).flatMap((block): Cue[] => {
    const lines = block.trim().split(/\r?\n/);
    const [from, to] = (lines[0] ?? "").split(" --> ");
    if (!from || !to) return [];
    return [{ start: seconds(from), end: seconds(to.split(" ")[0] ?? ""), text: lines.slice(1).join("\n") }];
  });
}

/** Return the words of a cue without markup. */
export function plain(text: string): string {
  const marks: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return text.replace(/<\/?[ibu]>/g, "").replace(/&(?:lt|gt|amp);/g, (mark) => marks[mark] ?? mark);
}

/** Return the cue that is on at a moment, else the last one before it. Cues are in order. */
export function cueAt(cues: readonly Cue[], moment: number): number {
  let found = -1;
  for (const [at, cue] of cues.entries()) {
    if (cue.start > moment + 0.05) break;
    found = at;
  }
  return found;
}

function seconds(clock: string): number {
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
