// One upload as it goes: files in parts, a few at a time, until all have arrived. Knows nothing of the page.
import { Problem } from "../playback/api";
import type { Chosen } from "./chosen";
import { wait, waitBefore } from "./patience";
import * as steps from "./steps";
import { type Job, type SentFile, type Work, hasArrived, nextParts, sliceOf, workOf } from "./work";

const FILES_AT_ONCE = 200; // in one request
const BATCH = { parts: 16, bytes: 64 * 1024 * 1024 };
const LANES = 4;
const MOST_RETURNS = 3; // how often the store may say that parts are missing which it has taken
const MOST_FAILURES = 12; // of one step in a row: about four minutes

const isPause = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/** Events: `change` when anything has moved, `trouble` while it waits to try again, `idle` when nothing is left to send. */
export class Sending extends EventTarget {
  isPaused = false;
  troubleS = 0;
  private readonly works = new Map<string, Work>();
  private stop = new AbortController();
  private isRunning = false;

  constructor(readonly id: string) {
    super();
  }

  get files(): readonly SentFile[] {
    return [...this.works.values()];
  }

  get totalBytes(): number {
    return this.files.reduce((sum, one) => sum + one.file.size, 0);
  }

  get sentBytes(): number {
    return this.files.reduce((sum, one) => sum + Math.min(one.file.size, one.arrived + one.moving), 0);
  }

  get isComplete(): boolean {
    return this.works.size > 0 && this.files.every((one) => one.state === "arrived");
  }

  /** Add files and send them; what is known goes on. Throws: Problem when the platform does not take them. */
  async add(chosen: readonly Chosen[]): Promise<void> {
    const news = chosen.filter((one) => this.works.get(one.path)?.file.size !== one.file.size);
    for (let from = 0; from < news.length; from += FILES_AT_ONCE) {
      const some = news.slice(from, from + FILES_AT_ONCE);
      const remote = await this.insist(() => steps.add(this.id, some.map(({ path, file }) => ({ path, size_bytes: file.size }))));
      for (const [index, one] of some.entries()) {
        const known = remote[index];
        if (known) await this.note(one, known);
      }
      this.tell("change");
    }
    void this.run();
  }

  pause(): void {
    this.isPaused = true;
    this.stop.abort();
    this.tell("change");
  }

  goOn(): void {
    this.isPaused = false;
    for (const work of this.works.values()) if (work.state === "failed") [work.state, work.reason] = ["waiting", ""];
    this.tell("change");
    void this.run();
  }

  /** Take a file on. Parts that are there are believed only if they are parts of this very file. */
  private async note({ path, file }: Chosen, remote: steps.RemoteFile): Promise<void> {
    const work = workOf(path, file, remote);
    this.works.set(path, work);
    for (const part of remote.parts) {
      if ((await steps.sha256(sliceOf(work, part.number))) !== part.sha256) return this.restart(work);
      hasArrived(work, part.number);
    }
  }

  private async restart({ id, path, file }: Work): Promise<void> {
    await this.insist(() => steps.remove(this.id, id));
    const [fresh] = await this.insist(() => steps.add(this.id, [{ path, size_bytes: file.size }]));
    if (fresh) this.works.set(path, workOf(path, file, fresh));
  }

  private async run(): Promise<void> {
    if (this.isRunning || this.isPaused) return;
    this.isRunning = true;
    this.stop = new AbortController();
    try {
      let batch = nextParts(this.works.values(), BATCH);
      while (batch.length > 0) {
        await this.send(batch);
        batch = nextParts(this.works.values(), BATCH);
      }
    } catch (error) {
      if (!isPause(error)) this.giveUp(error instanceof Problem ? error.message : "");
    } finally {
      this.isRunning = false;
      for (const work of this.works.values()) work.moving = 0;
    }
    this.tell("change");
    this.tell("idle");
    if (nextParts(this.works.values(), BATCH).length > 0) void this.run(); // told to go on while it was stopping
  }

  private async send(batch: [Work, number[]][]): Promise<void> {
    const jobs: Job[] = [];
    for (const [work, numbers] of batch) {
      work.state = "sending";
      for (const number of numbers) await this.prepare(work, number, jobs);
    }
    await this.leave(jobs.filter((job) => job.work.state === "sending"));
    await this.finish(batch.map(([work]) => work).filter((work) => work.state === "sending" && work.todo.length === 0));
  }

  /** Read a part and sum it up; a file that can't be read any more was moved, or changed since it was chosen. */
  private async prepare(work: Work, number: number, jobs: Job[]): Promise<void> {
    this.stop.signal.throwIfAborted();
    const bytes = sliceOf(work, number);
    try {
      jobs.push({ work, number, bytes, sha256: await steps.sha256(bytes) });
    } catch {
      [work.state, work.reason] = ["failed", "unreadable"];
      this.tell("change");
    }
  }

  private async leave(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) return;
    let places: steps.Place[];
    try {
      places = await this.announce(jobs);
    } catch (error) {
      if (!(error instanceof Problem && error.code === "file_changed")) throw error;
      for (const work of new Set(jobs.map((job) => job.work))) await this.restart(work);
      return;
    }
    const waiting = jobs.map((job, index) => ({ job, place: places[index] }));
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.sendPart(next.job, next.place);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  private announce(jobs: Job[]): Promise<steps.Place[]> {
    const said = jobs.map(({ work, number, sha256 }) => ({ file_id: work.id, number, sha256 }));
    return this.insist(() => steps.announce(this.id, said));
  }

  /** Send a part until it has arrived; an address that is refused is asked for anew. */
  private async sendPart(job: Job, place: steps.Place | undefined): Promise<void> {
    let last = 0;
    await this.insist(async () => {
      place ??= (await steps.announce(this.id, [{ file_id: job.work.id, number: job.number, sha256: job.sha256 }]))[0];
      if (!place) return;
      const move = (sent: number) => {
        job.work.moving += sent - last;
        last = sent;
        this.tell("change");
      };
      try {
        await steps.put(place, job.bytes, move, this.stop.signal);
        hasArrived(job.work, job.number);
      } catch (error) {
        place = undefined;
        throw error;
      } finally {
        move(0);
      }
    });
  }

  private async finish(works: Work[]): Promise<void> {
    if (works.length === 0) return;
    const arrivals = await this.insist(() => steps.complete(this.id, works.map((work) => work.id)));
    for (const [index, work] of works.entries()) {
      const arrival = arrivals[index];
      if (arrival?.is_complete) [work.state, work.arrived] = ["arrived", work.file.size];
      else if (arrival) {
        work.todo = arrival.missing;
        work.returns += 1;
        if (work.returns > MOST_RETURNS) [work.state, work.reason] = ["failed", "network"];
        work.arrived = work.file.size - arrival.missing.reduce((sum, number) => sum + sliceOf(work, number).size, 0);
      }
    }
    this.tell("change");
  }

  /** Take a step, again and again while what is in the way passes by itself. */
  private async insist<Out>(step: () => Promise<Out>): Promise<Out> {
    for (let failures = 1; ; failures += 1) {
      this.stop.signal.throwIfAborted();
      try {
        const out = await step();
        this.troubleS = 0;
        return out;
      } catch (error) {
        const isPassing = error instanceof TypeError || error instanceof steps.PartFailed || (error instanceof Problem && steps.passes(error));
        if (!isPassing || failures > MOST_FAILURES) throw error;
        this.troubleS = waitBefore(failures, Math.random());
        this.tell("trouble");
        await wait(this.troubleS, this.stop.signal);
      }
    }
  }

  private giveUp(reason: string): void {
    this.isPaused = true;
    for (const work of this.works.values()) {
      if (work.state !== "arrived") [work.state, work.reason] = ["failed", reason || "network"];
    }
  }

  private tell(name: "change" | "trouble" | "idle"): void {
    this.dispatchEvent(new Event(name));
  }
}
