// A file on its way, and its parts.
import type { RemoteFile } from "./steps";

export type FileState = "waiting" | "sending" | "arrived" | "failed";

/** What the page shows of a file; `arrived` counts bytes of parts that the store has, `moving` those that are leaving. */
export interface SentFile {
  path: string;
  file: File;
  state: FileState;
  arrived: number;
  moving: number;
  reason: string;
}

export interface Work extends SentFile {
  id: number;
  partBytes: number;
  todo: number[];
  returns: number;
}

/** A part that is about to leave. */
export interface Job {
  work: Work;
  number: number;
  bytes: Blob;
  sha256: string;
}

export function workOf(path: string, file: File, remote: RemoteFile): Work {
  const numbers = Array.from({ length: remote.part_count }, (_, index) => index + 1);
  return {
    path,
    file,
    id: remote.id,
    partBytes: remote.part_bytes,
    state: remote.is_complete ? "arrived" : "waiting",
    arrived: remote.is_complete ? file.size : 0,
    moving: 0,
    reason: "",
    returns: 0,
    todo: remote.is_complete ? [] : numbers,
  };
}

/** Return the bytes of a part, which are read when they leave. */
export function sliceOf(work: Work, number: number): Blob {
  return work.file.slice((number - 1) * work.partBytes, number * work.partBytes);
}

export const hasArrived = (work: Work, number: number): void => {
  work.todo = work.todo.filter((one) => one !== number);
  work.arrived += sliceOf(work, number).size;
};

/** Return what to send next: some parts of some files; a file without parts to send only wants to be completed. */
export function nextParts(works: Iterable<Work>, most: { parts: number; bytes: number }): [Work, number[]][] {
  const batch: [Work, number[]][] = [];
  let [parts, bytes] = [0, 0];
  for (const work of works) {
    if (work.state !== "waiting" && work.state !== "sending") continue;
    const numbers: number[] = [];
    for (const number of work.todo) {
      if (parts >= most.parts || bytes >= most.bytes) break;
      numbers.push(number);
      parts += 1;
      bytes += sliceOf(work, number).size;
    }
    if (numbers.length > 0 || work.todo.length === 0) batch.push([work, numbers]);
    if (parts >= most.parts || bytes >= most.bytes || batch.length >= most.parts) break;
  }
  return batch;
}
