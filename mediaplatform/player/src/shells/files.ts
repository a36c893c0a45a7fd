// The files of a session's package: always under the newest token, with the cookies of a CDN where there is one.
import type { Session } from "../playback/session";

/** Return a file's present address, by its path in the package. */
export function addressOf(session: Session, href: string): string {
  return session.current(new URL(href, new URL(session.opened.base_url, location.href)).href);
}

/** Fetch a file of the package. Throws: TypeError without a network, Error for any answer but a good one. */
export async function fetchFile(session: Session, href: string, headers: Record<string, string> = {}): Promise<Response> {
  const url = addressOf(session, href);
  const credentials = new URL(url).origin === location.origin ? "same-origin" : "include";
  const answer = await fetch(url, { credentials, headers });
  if (!answer.ok) throw new Error(`${href}: ${answer.status}`);
  return answer;
}
