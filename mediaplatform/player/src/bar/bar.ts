// The audio bar: what is asked of it becomes sessions, streams and heartbeats.
import * as api from "../playback/api";
import type { OnFatal } from "../playback/hls";
import { Reporter } from "../playback/reporter";
import type { Session } from "../playback/session";
import { words } from "../words";
import { Deck, type Loaded } from "./deck";
import { Joiner, type Joint } from "./joiner";
import { type Level, gainFor, keepLevel, readLevel } from "./level";
import { bindLockScreen, showOnLockScreen, showPosition } from "./lock_screen";
import { forgetPlace, keepPlace, readPlace } from "./memory";
import { Queue } from "./queue";
import { SleepTimer } from "./sleep";
import { View } from "./view";

const RESTART_AFTER_S = 4; // "previous" within the first seconds goes to the track before

interface Playing {
  session: Session;
  reporter: Reporter;
}

/** Dispatches `change` whenever another resource plays, or playing starts or stops. */
export class Bar extends EventTarget {
  private deck = new Deck(); // what sounds
  private idle = new Deck(); // what comes next
  private readonly joiner = new Joiner((joint) => this.join(joint));
  private readonly sleep = new SleepTimer(() => this.audio.pause());
  private readonly view: View;
  private queue = new Queue();
  private playing: Playing | null = null;
  private rate = 1;
  private level = readLevel();
  private turn = 0;
  private place = 0; // where to go on, of what an earlier page played

  constructor(root: HTMLElement) {
    super();
    this.view = new View(root, [this.deck.audio, this.idle.audio], this.level, {
      toggle: () => this.toggle(),
      next: () => this.skip(this.queue.next),
      previous: () => this.back(),
      seek: (position) => this.seek(position),
      setRate: (rate) => this.setRate(rate),
      setVolume: (volume) => [this.deck, this.idle].forEach((deck) => deck.loudness.setVolume(volume)),
      setLevel: (level) => this.setLevel(level),
      setSleep: (choice) => this.sleep.choose(choice),
      choose: (item) => void this.start(item, 0),
      retry: () => void this.retry(),
    });
    this.follow(this.deck);
    this.follow(this.idle);
    bindLockScreen({
      play: () => this.resume(),
      pause: () => this.audio.pause(),
      next: () => this.skip(this.queue.next),
      previous: () => this.back(),
      seek: (position) => this.seek(position),
      position: () => this.audio.currentTime,
    });
    addEventListener("online", () => this.playing && this.view.hideNote());
    void this.restore();
  }

  private get audio(): HTMLAudioElement {
    return this.deck.audio;
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

  /** Show what this tab played before the page was loaded anew; it sounds when asked to. */
  private async restore(): Promise<void> {
    const place = readPlace();
    if (!place) return;
    try {
      const items = (await api.queue(place.release)).filter((item) => item.medium === "music");
      if (this.playing || this.turn || !items.some((item) => item.resource_id === place.resource)) return;
      this.queue = new Queue(items);
      const item = this.queue.select(place.resource);
      if (!item) return;
      this.place = place.position;
      this.view.showQueue(items, item);
      this.view.load({ ...item, waveform: null });
      this.view.showPosition(place.position);
      this.view.show("paused");
      this.announce();
    } catch (error) {
      if (error instanceof api.Problem) forgetPlace(); // somebody else is here now, or it is gone
    }
  }

  /** `from`: a second; without it, where the listener stopped, if that is remembered. */
  private async start(item: api.QueueItem, from?: number): Promise<void> {
    const turn = ++this.turn;
    this.place = 0;
    this.stop();
    this.queue.select(item.resource_id);
    this.view.showQueue(this.queue.items, item);
    this.view.show("loading", words("loading", { title: item.title }));
    try {
      this.deck.onFatal = this.fatal;
      const loaded = await this.deck.load(item, from);
      if (!loaded || turn !== this.turn) return;
      this.begin(loaded);
      await this.audio.play();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  private begin({ session, stream }: Loaded): void {
    const { resource } = session.opened;
    const { audio } = this.deck;
    const where = () => ({ position_s: audio.currentTime, rate: audio.playbackRate });
    this.playing = { session, reporter: new Reporter(session, where) };
    this.view.load(resource);
    this.deck.loudness.setGain(gainFor(this.level, resource, this.queue.items), !stream.isNative);
    audio.defaultPlaybackRate = audio.playbackRate = this.rate;
    showOnLockScreen(resource);
    this.keep(); // at once: a page may be left before the playhead first moves
  }

  /** The next track follows without a gap: the decks change places, and this one's session ends. */
  private join({ to, next }: Joint): void {
    const { loaded } = to;
    if (!next || !loaded || this.sleep.choice === "track") return;
    const was = this.playing;
    was?.reporter.advance();
    was?.reporter.close("end");
    to.onFatal = this.fatal;
    [this.deck, this.idle] = [this.idle, this.deck];
    this.turn += 1;
    this.queue.select(next.resource_id);
    this.begin(loaded);
    this.audio.play().catch((error: unknown) => this.fail(error));
    this.view.showQueue(this.queue.items, next);
  }

  private stop(event: "end" | "pause" = "pause"): void {
    const was = this.playing;
    this.playing = null;
    this.joiner.cancel();
    this.audio.pause();
    was?.reporter.close(event);
    this.deck.empty();
    this.idle.empty();
  }

  private follow(deck: Deck): void {
    const { audio } = deck;
    const on = (name: string, act: () => void) => audio.addEventListener(name, () => deck === this.deck && act());
    audio.addEventListener("ended", () => deck !== this.deck && deck.empty()); // its last silence is over
    on("timeupdate", () => {
      if (!audio.paused && !audio.seeking) this.playing?.reporter.advance();
      if (!this.playing) return;
      this.view.showPosition(audio.currentTime, audio.duration);
      this.keep();
      if (!audio.paused && !audio.seeking) this.joiner.advance({ from: deck, to: this.idle, next: this.sleep.choice === "track" ? null : this.queue.next, rate: this.rate });
    });
    on("playing", () => {
      this.playing?.reporter.advance();
      this.playing?.session.resume();
      this.view.show("playing", words("playing", { title: this.queue.current?.title ?? "" }));
      this.announce();
    });
    on("waiting", () => {
      if (!this.playing) return;
      this.view.show("loading");
      if (!navigator.onLine) this.view.showNote(words("waiting-network"));
    });
    on("pause", () => {
      this.joiner.cancel();
      if (!this.playing || audio.ended) return;
      this.playing.reporter.advance();
      this.playing.reporter.listened.interrupt();
      this.playing.reporter.report("pause");
      this.playing.session.pause();
      this.view.show("paused", words("paused"));
      this.announce();
    });
    on("seeking", () => {
      this.joiner.cancel();
      this.playing?.reporter.listened.interrupt();
    });
    on("seeked", () => {
      this.playing?.reporter.report("seek");
      if (!audio.paused) this.playing?.reporter.advance();
    });
    on("ended", () => this.finish());
  }

  private finish(): void {
    const next = this.sleep.endsTrack() ? null : this.queue.next;
    this.playing?.reporter.advance();
    if (next) {
      this.playing?.reporter.report("end");
      void this.start(next, 0);
      return;
    }
    this.playing?.reporter.listened.interrupt();
    this.playing?.reporter.report("end");
    this.playing?.session.pause();
    this.view.show("paused", words("paused"));
    this.announce();
  }

  private resume(): void {
    if (!this.playing) return void this.retry();
    this.audio.play().catch((error: unknown) => this.fail(error));
  }

  private skip(item: api.QueueItem | null): void {
    if (item) void this.start(item, 0);
  }

  private back(): void {
    if (this.audio.currentTime > RESTART_AFTER_S || !this.queue.previous) this.seek(0);
    else this.skip(this.queue.previous);
  }

  private seek(position: number): void {
    if (!this.playing) {
      this.place = position;
      this.view.showPosition(position);
      return;
    }
    if (!this.audio.paused) this.playing.reporter.advance();
    this.audio.currentTime = Math.max(0, Math.min(position, this.audio.duration || position));
  }

  private setRate(rate: number): void {
    this.rate = rate;
    this.audio.defaultPlaybackRate = this.audio.playbackRate = rate;
  }

  private setLevel(level: Level): void {
    this.level = level;
    keepLevel(level);
    const { loaded } = this.deck;
    if (loaded) this.deck.loudness.setGain(gainFor(level, loaded.session.opened.resource, this.queue.items), !loaded.stream.isNative);
  }

  private async retry(): Promise<void> {
    const item = this.queue.current;
    const from = this.place || (this.playing ? this.audio.currentTime : 0);
    if (item) await this.start(item, from || undefined);
  }

  private keep(): void {
    const item = this.queue.current;
    if (item) keepPlace({ release: item.release_id, resource: item.resource_id, position: Math.floor(this.audio.currentTime) });
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

  private readonly fatal: OnFatal = (isNetwork, said) => this.fault(said ?? words(isNetwork ? "error-network" : "error"));

  private fault(text: string): void {
    this.audio.pause();
    this.view.showFault(text);
    this.announce();
  }
}
