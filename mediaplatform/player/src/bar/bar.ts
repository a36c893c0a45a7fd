// The audio bar: what is asked of it becomes sessions, streams and heartbeats.
import { element } from "../dom";
import * as api from "../playback/api";
import { type Stream, attach } from "../playback/hls";
import { Loudness } from "../playback/loudness";
import { Reporter } from "../playback/reporter";
import { Session } from "../playback/session";
import { words } from "../words";
import { bindLockScreen, showOnLockScreen, showPosition } from "./lock_screen";
import { Queue } from "./queue";
import { SleepTimer } from "./sleep";
import { View } from "./view";

const RESTART_AFTER_S = 4; // "previous" within the first seconds goes to the track before

interface Playing {
  session: Session;
  stream: Stream;
  reporter: Reporter;
}

/** Dispatches `change` whenever another resource plays, or playing starts or stops. */
export class Bar extends EventTarget {
  private readonly audio = element("audio", { preload: "auto" });
  private readonly loudness = new Loudness(this.audio);
  private readonly sleep = new SleepTimer(() => this.audio.pause());
  private readonly view: View;
  private queue = new Queue();
  private playing: Playing | null = null;
  private rate = 1;
  private turn = 0;

  constructor(root: HTMLElement) {
    super();
    this.view = new View(root, this.audio, {
      toggle: () => this.toggle(),
      next: () => this.skip(this.queue.next),
      previous: () => this.back(),
      seek: (position) => this.seek(position),
      setRate: (rate) => this.setRate(rate),
      setVolume: (volume) => this.loudness.setVolume(volume),
      setSleep: (choice) => this.sleep.choose(choice),
      choose: (item) => void this.start(item),
      retry: () => void this.retry(),
    });
    this.follow();
    bindLockScreen({
      play: () => this.resume(),
      pause: () => this.audio.pause(),
      next: () => this.skip(this.queue.next),
      previous: () => this.back(),
      seek: (position) => this.seek(position),
      position: () => this.audio.currentTime,
    });
  }

  /** The resource that is on, and whether it sounds. */
  get current(): { resourceId: number; releaseId: number; isPlaying: boolean } | null {
    const item = this.queue.current;
    return item && { resourceId: item.resource_id, releaseId: item.release_id, isPlaying: !this.audio.paused };
  }

  /** Play a release from a resource on, or from its beginning. */
  async play(releaseId: number, resourceId?: number): Promise<void> {
    try {
      const items = (await api.queue(releaseId)).filter((item) => item.medium === "music");
      this.queue = new Queue(items);
      const first = this.queue.select(resourceId);
      if (first) await this.start(first);
      else this.view.showFault(words("error"));
    } catch (error) {
      this.fail(error);
    }
  }

  toggle(): void {
    if (this.audio.paused) this.resume();
    else this.audio.pause();
  }

  /** Stop sounding: a film or a game begins. */
  pause(): void {
    this.audio.pause();
  }

  private async start(item: api.QueueItem, from = 0): Promise<void> {
    const turn = ++this.turn;
    this.stop();
    this.queue.select(item.resource_id);
    this.view.showQueue(this.queue.items, item);
    this.view.show("loading", words("loading", { title: item.title }));
    try {
      const session = await Session.open(item.resource_id);
      const stream = await attach(this.audio, session, (isNetwork) => this.fault(words(isNetwork ? "error-network" : "error")));
      if (turn !== this.turn) {
        stream.close();
        session.close();
        return;
      }
      this.begin(session, stream);
      if (from) this.audio.currentTime = from;
      await this.audio.play();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  private begin(session: Session, stream: Stream): void {
    const { resource } = session.opened;
    const where = () => ({ position_s: this.audio.currentTime, rate: this.audio.playbackRate });
    this.playing = { session, stream, reporter: new Reporter(session, where) };
    this.view.load(resource);
    this.loudness.setGain(resource.gain_db, !stream.isNative);
    this.audio.defaultPlaybackRate = this.audio.playbackRate = this.rate;
    showOnLockScreen(resource);
  }

  private stop(event: "end" | "pause" = "pause"): void {
    const was = this.playing;
    this.playing = null;
    this.audio.pause();
    was?.reporter.close(event);
    was?.stream.close();
  }

  private follow(): void {
    const { audio } = this;
    const on = (name: string, act: () => void) => audio.addEventListener(name, act);
    on("timeupdate", () => {
      if (!audio.paused && !audio.seeking) this.playing?.reporter.advance();
      this.view.showPosition(audio.currentTime, audio.duration);
    });
    on("playing", () => {
      this.playing?.reporter.advance();
      this.view.show("playing", words("playing", { title: this.queue.current?.title ?? "" }));
      this.announce();
    });
    on("waiting", () => this.playing && this.view.show("loading"));
    on("pause", () => {
      if (!this.playing || audio.ended) return;
      this.playing.reporter.advance();
      this.playing.reporter.listened.interrupt();
      this.playing.reporter.report("pause");
      this.view.show("paused", words("paused"));
      this.announce();
    });
    on("seeking", () => this.playing?.reporter.listened.interrupt());
    on("seeked", () => this.playing?.reporter.report("seek"));
    on("ended", () => this.finish());
  }

  private finish(): void {
    const next = this.sleep.endsTrack() ? null : this.queue.next;
    this.playing?.reporter.advance();
    if (next) {
      this.playing?.reporter.report("end");
      void this.start(next);
      return;
    }
    this.playing?.reporter.listened.interrupt();
    this.playing?.reporter.report("end");
    this.view.show("paused", words("paused"));
    this.announce();
  }

  private resume(): void {
    if (!this.playing) return void this.retry();
    this.audio.play().catch((error: unknown) => this.fail(error));
  }

  private skip(item: api.QueueItem | null): void {
    if (item) void this.start(item);
  }

  private back(): void {
    if (this.audio.currentTime > RESTART_AFTER_S || !this.queue.previous) this.seek(0);
    else this.skip(this.queue.previous);
  }

  private seek(position: number): void {
    if (!this.playing) return;
    this.audio.currentTime = Math.max(0, Math.min(position, this.audio.duration || position));
  }

  private setRate(rate: number): void {
    this.rate = rate;
    this.audio.defaultPlaybackRate = this.audio.playbackRate = rate;
  }

  private async retry(): Promise<void> {
    const item = this.queue.current;
    if (item) await this.start(item, this.audio.currentTime);
  }

  private announce(): void {
    showPosition(this.audio);
    this.dispatchEvent(new Event("change"));
  }

  private fail(error: unknown): void {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "AbortError") return; // another track was chosen meanwhile
    if (name === "NotAllowedError") {
      this.view.show("paused", words("error-blocked"));
      this.announce();
    } else if (error instanceof api.Problem && error.message) this.fault(error.message);
    else this.fault(words(error instanceof TypeError ? "error-network" : "error"));
  }

  private fault(text: string): void {
    this.audio.pause();
    this.view.showFault(text);
    this.announce();
  }
}
