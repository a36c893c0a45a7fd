// Which pages of a comic lie open together. Pure.

export interface Leaf {
  width: number;
  height: number;
}

/**
 * Return the openings as lists of places. Alone: the cover, and what is wider than high. Two by two else, if asked.
 * [tall, tall, tall, wide, tall] -> [[0], [1, 2], [3], [4]]
 */
export function spreads(pages: readonly Leaf[], isDouble: boolean): number[][] {
  const openings: number[][] = [];
  for (let at = 0; at < pages.length; at++) {
    const isWide = (place: number) => (pages[place]?.width ?? 0) > (pages[place]?.height ?? 0);
    const isPair = isDouble && at > 0 && at + 1 < pages.length && !isWide(at) && !isWide(at + 1);
    openings.push(isPair ? [at, at + 1] : [at]);
    if (isPair) at += 1;
  }
  return openings;
}
