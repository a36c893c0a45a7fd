// The line under a film: play, where it is, how loud, the whole window. Everything has a key.
import { clock } from "../clock";
import { element, iconButton, relabel } from "../dom";
import { words } from "../words";
import { RATES, keep, kept } from "./film_choices";
import type { Thumbs } from "./film_thumbs";

const STEP_S = 10;
const IDLE_MS = 3000;

export class Controls {
  readonly root: HTMLElement;
  readonly choices = element("div", { class: "film__choices" });
  private readonly big: HTMLButtonElement;
  private readonly play: HTMLButtonElement;
  private readonly mute: HTMLButtonElement;
  private readonly full: HTMLButtonElement;
  private readonly line = element("input", { type: "range", class: "film__range", min: 0, max: 0, step: 0.1, value: 0, "aria-label": words("film-position") });
  private readonly loaded = element("div", { class: "film__loaded" });
  private readonly now = element("span", { class: "film__time" }, clock(0));
  private readonly total = element("span", { class: "film__time" }, clock(0));
  private readonly volume = element("input", { type: "range", class: "film__volume", min: 0, max: 1, step: 0.05, value: 1, "aria-label": words("volume") });
  private isSeeking = false;
  private idle = 0;

  constructor(
    private readonly shell: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly thumbs: Thumbs,
    private readonly toggleCaptions: () => void,
  ) {
    this.big = iconButton("play", words("play"), () => this.toggle(), "round round--large film__big");
    this.play = iconButton("play", words("play"), () => this.toggle());
    this.mute = iconButton("volume-2", words("mute"), () => (video.muted = !video.muted));
    this.full = iconButton("maximize", words("film-full"), () => void this.toggleFull());
    const back = iconButton("rotate-ccw", words("film-back", { seconds: STEP_S }), () => this.step(-STEP_S));
    const on = iconButton("rotate-cw", words("film-on", { seconds: STEP_S }), () => this.step(STEP_S));
    const seek = element("div", { class: "film__seek" }, this.loaded, this.line, thumbs.root);
    const keys = element("div", { class: "film__keys" }, this.play, back, on, element("span", { class: "film__times" }, this.now, element("span", { "aria-hidden": "true" }, "/"), this.total));
    const sound = element("div", { class: "film__sound" }, this.mute, this.volume, this.full);
    const picture = element("div", { class: "film__frame" }, video, this.big);
    const strip = element("div", { class: "film__strip", role: "group", "aria-label": words("film-controls") }, seek, element("div", { class: "film__row" }, keys, this.choices, sound));
    this.root = element("div", { class: "film" }, picture, strip);
    this.follow();
    this.bindLine(seek);
    video.volume = kept().volume ?? 1;
  }

  /** Let keys act on the film wherever the focus is, but in fields, until `signal`. */
  bindKeys(signal: AbortSignal): void {
    document.addEventListener("keydown", (event) => this.act(event), { signal });
    document.addEventListener("fullscreenchange", () => this.showFull(), { signal });
  }

  private act(event: KeyboardEvent): void {
    const { video } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target !== this.line && target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === " " && target.closest("button, summary, a")) return; // their own key
    const keys: Record<string, () => void> = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      j: () => this.step(-STEP_S),
      l: () => this.step(STEP_S),
      ArrowLeft: () => this.step(-5),
      ArrowRight: () => this.step(5),
      ArrowUp: () => this.louder(0.1),
      ArrowDown: () => this.louder(-0.1),
      Home: () => this.seek(0),
      End: () => this.seek(video.duration - 1),
      m: () => (video.muted = !video.muted),
      c: () => this.toggleCaptions(),
      f: () => void this.toggleFull(),
      "<": () => this.faster(-1),
      ">": () => this.faster(1),
    };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const digit = /^[0-9]$/.test(key) ? () => this.seek((Number(key) / 10) * video.duration) : undefined;
    const chosen = keys[key] ?? digit;
    if (!chosen) return;
    event.preventDefault();
    chosen();
    this.wake();
  }

  private follow(): void {
    const { video } = this;
    const on = (names: string, act: () => void) => names.split(" ").forEach((name) => video.addEventListener(name, act));
    on("play pause ended emptied", () => this.showState());
    on("timeupdate seeked durationchange loadedmetadata", () => this.showPosition());
    on("progress timeupdate", () => this.showLoaded());
    on("volumechange", () => this.showVolume());
    on("click", () => this.toggle());
    on("waiting", () => (this.root.dataset["waits"] = ""));
    on("playing canplay pause", () => delete this.root.dataset["waits"]);
    video.addEventListener("dblclick", () => void this.toggleFull());
    this.root.addEventListener("pointermove", () => this.wake());
    this.root.addEventListener("focusin", () => this.wake());
    this.volume.addEventListener("input", () => {
      video.muted = false;
      video.volume = Number(this.volume.value);
      keep({ volume: video.volume });
    });
    this.showState();
  }

  private bindLine(seek: HTMLElement): void {
    const { line, video } = this;
    line.addEventListener("input", () => {
      this.isSeeking = true;
      this.thumbs.show(Number(line.value), Number(line.value) / (video.duration || 1));
      this.now.textContent = clock(Number(line.value));
    });
    line.addEventListener("change", () => {
      this.isSeeking = false;
      this.seek(Number(line.value));
      this.thumbs.hide();
    });
    seek.addEventListener("pointermove", (event) => {
      const box = line.getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      if (video.duration) this.thumbs.show(part * video.duration, part);
    });
    seek.addEventListener("pointerleave", () => !this.isSeeking && this.thumbs.hide());
  }

  private toggle(): void {
    if (this.video.paused) this.video.play().catch(() => undefined);
    else this.video.pause();
  }

  private step(seconds: number): void {
    this.seek(this.video.currentTime + seconds);
  }

  private seek(moment: number): void {
    const end = this.video.duration || 0;
    this.video.currentTime = Math.max(0, Math.min(moment, end));
  }

  private louder(by: number): void {
    this.video.muted = false;
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + by));
    keep({ volume: this.video.volume });
  }

  private faster(by: number): void {
    const at = RATES.indexOf(this.video.playbackRate) + by;
    this.video.playbackRate = RATES[Math.min(RATES.length - 1, Math.max(0, at))] ?? 1;
  }

  private async toggleFull(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (this.shell.requestFullscreen as unknown) await this.shell.requestFullscreen().catch(() => undefined);
    else (this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen?.(); // iPhones
  }

  private showState(): void {
    const { paused } = this.video;
    const label = words(paused ? "play" : "pause");
    relabel(this.play, paused ? "play" : "pause", label);
    this.big.hidden = !paused;
    this.wake();
  }

  private showPosition(): void {
    const { currentTime, duration } = this.video;
    const end = Number.isFinite(duration) ? duration : 0;
    this.total.textContent = clock(end);
    this.line.max = String(end);
    if (this.isSeeking) return;
    this.line.value = String(currentTime);
    this.now.textContent = clock(currentTime);
    this.line.style.setProperty("--part", `${end ? (currentTime / end) * 100 : 0}%`);
    this.line.setAttribute("aria-valuetext", words("position-of", { time: clock(currentTime), total: clock(end) }));
  }

  private showLoaded(): void {
    const { buffered, currentTime, duration } = this.video;
    let end = 0;
    for (let at = 0; at < buffered.length; at++) if (buffered.start(at) <= currentTime + 0.5) end = buffered.end(at);
    this.loaded.style.inlineSize = `${duration ? Math.min(100, (end / duration) * 100) : 0}%`;
  }

  private showVolume(): void {
    const { muted, volume } = this.video;
    relabel(this.mute, muted || !volume ? "volume-x" : volume < 0.5 ? "volume-1" : "volume-2", words(muted ? "sound" : "mute"));
    this.volume.value = String(muted ? 0 : volume);
  }

  private showFull(): void {
    const isFull = document.fullscreenElement === this.shell;
    relabel(this.full, isFull ? "minimize" : "maximize", words(isFull ? "film-window" : "film-full"));
  }

  /** In the whole window the line goes away while nobody moves. */
  private wake(): void {
    delete this.root.dataset["idle"];
    clearTimeout(this.idle);
    this.idle = window.setTimeout(() => {
      if (!this.video.paused && document.fullscreenElement) this.root.dataset["idle"] = "";
    }, IDLE_MS);
  }
}
