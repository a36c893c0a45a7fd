// The playback API: what is asked, what is answered, and its refusals (RFC 9457). Types come from its description.
import type { components } from "../schema";

type Schemas = components["schemas"];
export type Medium = Schemas["MediumEnum"];
export type Resource = Schemas["PlayedResource"];
export type Addresses = Schemas["PlaybackRenewOut"];
export type Opened = Schemas["PlaybackOpenOut"];
export type QueueItem = Schemas["QueueItem"];

/** A refusal in the platform's words: `code` is for programs, the message for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly faults: readonly Schemas["FaultOut"][] = [],
  ) {
    super(detail);
  }
}

/** Open a session on a resource. Throws: Problem; TypeError where there is no network. */
export const open = (resourceId: number): Promise<Opened> => post("/api/v1/playback/open", { resource_id: resourceId, source: "web" });

/** Give a running session its next token. Throws: as `open`. */
export const renew = (token: string): Promise<Addresses> => post("/api/v1/playback/renew", { token });

/** Keep where a session is; tells whether it was kept: only while the profile's history is on. Throws: as `open`. */
export async function remember(place: { token: string; position_s: number; locator: string }): Promise<boolean> {
  return (await post<Schemas["PlaybackPositionOut"]>("/api/v1/playback/position", place, true)).is_kept;
}

/** List what of a release can be played, in order. Throws: as `open`. */
export async function queue(releaseId: number): Promise<QueueItem[]> {
  const answer = await fetch(`/api/v1/queue/${releaseId}`, { headers: { Accept: "application/json" } });
  return (await read<{ items: QueueItem[] }>(answer)).items;
}

/** Read what a game keeps for the profile that is here. Throws: as `open`. */
export async function readSaves(resourceId: number): Promise<Schemas["GameSavesOut"]> {
  return read(await fetch(`/api/v1/saves/${resourceId}`, { headers: { Accept: "application/json" } }));
}

/** Keep a game's saves, a JSON object as text; tells whether they are kept: not if the profile does without. Throws: as `open`. */
export async function writeSaves(resourceId: number, token: string, items: string, keepalive: boolean): Promise<boolean> {
  const said = { token, items } satisfies Schemas["GameSavesIn"];
  return (await send<Schemas["GameSavesKept"]>("PUT", `/api/v1/saves/${resourceId}`, said, keepalive)).is_kept;
}

/** `keepalive`: it is sent even if the page goes meanwhile. */
const post = <Out>(url: string, body: unknown, keepalive = false): Promise<Out> => send<Out>("POST", url, body, keepalive);

async function send<Out>(method: "POST" | "PUT", url: string, body: unknown, keepalive: boolean): Promise<Out> {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
  return read<Out>(await fetch(url, { method, headers, body: JSON.stringify(body), keepalive }));
}

export async function read<Out>(answer: Response): Promise<Out> {
  if (answer.ok) return (await answer.json()) as Out;
  const said = (await answer.json().catch(() => ({}))) as Partial<Schemas["ProblemOut"]>;
  throw new Problem(answer.status, said.code ?? "unknown", said.detail ?? "", said.faults);
}

/** The cookie follows a new session at once; the page's meta stands in where scripts may not read it. */
export function csrfToken(): string {
  const cookie = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}
