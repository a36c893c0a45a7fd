// Fingers on a page: a swipe across turns it, a tap at its edge too. What scrolls or selects is left alone.

const SWIPE = 40; // pixels
const EDGE = 0.3; // of the width, on each side

export type Side = "left" | "right";

/** Say whether a finger moved across, and to which side; null: it did not, or up and down as well. */
export function swipeOf(start: { x: number; y: number }, end: { x: number; y: number }): Side | null {
  const across = end.x - start.x;
  if (Math.abs(across) <= SWIPE || Math.abs(across) <= 2 * Math.abs(end.y - start.y)) return null;
  return across < 0 ? "left" : "right";
}

/** Say at which edge of a box a tap was; null: in the middle. */
export function edgeOf(x: number, box: { left: number; width: number }): Side | null {
  const at = (x - box.left) / box.width;
  return at < EDGE ? "left" : at > 1 - EDGE ? "right" : null;
}

/** Call `act` with the side that a finger moved to. With two fingers, somebody zooms. */
export function bindSwipe(target: HTMLElement, act: (to: Side) => void): void {
  let start: { x: number; y: number } | null = null;
  target.addEventListener(
    "touchstart",
    (event) => {
      const touch = event.touches[0];
      start = event.touches.length === 1 && touch ? { x: touch.clientX, y: touch.clientY } : null;
    },
    { passive: true },
  );
  target.addEventListener("touchend", (event) => {
    const touch = event.changedTouches[0];
    const side = start && touch ? swipeOf(start, { x: touch.clientX, y: touch.clientY }) : null;
    start = null;
    if (side) act(side);
  });
}
