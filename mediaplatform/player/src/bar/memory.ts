// What this tab plays, so that a page that is loaded anew shows it again, paused. Names nothing: the platform is asked
// for titles again, and tells them only to whom may see them.

const KEY = "mediaplatform.bar";

export interface Place {
  release: number;
  resource: number;
  position: number;
}

/** Keep the place in this tab. */
export function keepPlace(place: Place): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // The next page begins with an empty bar.
  }
}

/** Return the place that an earlier page of this tab kept. */
export function readPlace(): Place | null {
  try {
    const said = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Partial<Place> | null;
    const isWhole = said && [said.release, said.resource, said.position].every((value) => Number.isFinite(value));
    return isWhole ? (said as Place) : null;
  } catch {
    return null;
  }
}

/** Keep nothing. */
export function forgetPlace(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
