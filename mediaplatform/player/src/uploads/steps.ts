// The upload API: each step of catalog/api/uploads.py.
import { type Problem, csrfToken, read } from "../playback/api";
import type { components } from "../schema";

type Schemas = components["schemas"];
export type Upload = Schemas["Upload"];
export type RemoteFile = Schemas["UploadFile"];
export type Place = Schemas["UploadPartPlace"];
export type Arrival = Schemas["UploadArrival"];
export type Announced = Schemas["UploadPartNew"];

export const begin = (deliverer: string): Promise<Upload> => call("POST", "/api/v1/uploads", { deliverer });

export const show = (id: string): Promise<Upload> => call("GET", `/api/v1/uploads/${id}`);

export const cancel = (id: string): Promise<void> => call("DELETE", `/api/v1/uploads/${id}`);

export async function add(id: string, files: Schemas["UploadFileNew"][]): Promise<RemoteFile[]> {
  return (await call<Schemas["UploadFilesAdded"]>("POST", `/api/v1/uploads/${id}/files`, { files })).items;
}

export const remove = (id: string, fileId: number): Promise<void> => call("DELETE", `/api/v1/uploads/${id}/files/${fileId}`);

export async function announce(id: string, parts: Announced[]): Promise<Place[]> {
  return (await call<Schemas["UploadPartsOut"]>("POST", `/api/v1/uploads/${id}/parts`, { parts })).items;
}

export async function complete(id: string, fileIds: number[]): Promise<Arrival[]> {
  return (await call<Schemas["CompleteFilesOut"]>("POST", `/api/v1/uploads/${id}/complete`, { file_ids: fileIds })).items;
}

export const deliver = (id: string): Promise<Schemas["DeliveryItem"]> => call("POST", "/api/v1/deliveries", { upload_id: id });

/** What went wrong on the way of a part; `status` 0: the network. */
export class PartFailed extends Error {
  constructor(readonly status: number) {
    super(`part: ${status}`);
  }
}

/** Put a part where it goes, telling how many bytes have left. Throws: PartFailed; AbortError once `signal` aborts. */
export function put(place: Place, bytes: Blob, onSent: (sent: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what has left
    request.open("PUT", place.url);
    for (const [name, value] of Object.entries(place.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done();
      else failed(new PartFailed(request.status));
    };
    request.onerror = () => failed(new PartFailed(0));
    request.onabort = () => failed(new DOMException("paused", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) failed(new DOMException("paused", "AbortError"));
    else request.send(bytes);
  });
}

/** Return the SHA-256 of bytes in hex. A page without https has no Web Crypto: then a library reckons, more slowly. */
export async function sha256(bytes: Blob): Promise<string> {
  const data = await bytes.arrayBuffer();
  const digest = isSecure() ? await crypto.subtle.digest("SHA-256", data) : await reckon(new Uint8Array(data));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isSecure = (): boolean => (crypto as Partial<Crypto>).subtle !== undefined;

async function reckon(data: Uint8Array): Promise<Uint8Array> {
  const { sha256 } = await import("@noble/hashes/sha2.js");
  return sha256(data);
}

/** Tell whether a refusal passes by itself: too many requests, or a fault of the server's. */
export const passes = (problem: Problem): boolean => problem.status === 429 || problem.status >= 500;

async function call<Out>(method: string, url: string, body?: unknown): Promise<Out> {
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return answer.status === 204 ? (undefined as Out) : read<Out>(answer);
}
