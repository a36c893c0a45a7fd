// What of a film may be chosen: captions, sound, quality, speed. Language and speed are kept for the next film.
import { element, icon } from "../dom";
import type { Stream } from "../playback/hls";
import type { Session } from "../playback/session";
import { words } from "../words";
import { addressOf } from "./files";
import type { CaptionFile } from "./film_transcript";
import { recall, remember } from "./place";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];
const KEY = "mediaplatform.film";

interface Kept {
  captions?: string; // a language, empty for none
  sound?: string; // a name
  volume?: number;
}

interface Choice {
  label: string;
  select: () => void;
}

/** What was chosen for earlier films in this browser. */
export function kept(): Kept {
  try {
    return JSON.parse(recall(KEY) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

export const keep = (change: Kept): void => remember(KEY, JSON.stringify({ ...kept(), ...change }));

/** Captions by language: what a browser that plays HLS itself has found, else the package's own files. */
export class Captions {
  private own: HTMLTrackElement[] = [];

  constructor(
    private readonly video: HTMLVideoElement,
    stream: Stream,
    private readonly session: Session,
    private readonly files: CaptionFile[],
    private readonly changed: (language: string) => void,
  ) {
    if (!stream.isNative) this.addOwn();
  }

  /** The film's tracks are known by now: a browser that found no captions in the stream gets the files. */
  settle(): void {
    if (!this.tracks.length) this.addOwn();
  }

  private addOwn(): void {
    const { video, session } = this;
    this.own = this.files.map((one) => element("track", { kind: "captions", src: addressOf(session, one.href), srclang: one.language, label: one.label }));
    if (this.own.some((one) => new URL(one.src).origin !== location.origin)) video.crossOrigin = "use-credentials";
    video.append(...this.own);
  }

  get list(): { label: string; language: string }[] {
    return this.tracks.map((one) => ({ label: one.label, language: one.language }));
  }

  /** Show the captions of a place in the list; -1 for none. */
  choose(at: number): void {
    for (const [number, one] of this.tracks.entries()) one.mode = number === at ? "showing" : "disabled";
    this.changed(this.list[at]?.language ?? "");
  }

  private get tracks(): TextTrack[] {
    if (this.own.length) return this.own.map((one) => one.track);
    return [...this.video.textTracks].filter((one) => one.kind === "captions" || one.kind === "subtitles");
  }
}

/** The choices as labelled lists, in the order in which people look for them; lists of one are left out. */
export function choices(video: HTMLVideoElement, stream: Stream, captions: Captions): { root: HTMLElement; captions: HTMLSelectElement | null } {
  const root = element("div", { class: "film__choices" });
  const add = (name: string, label: string, options: Choice[], chosen: number): HTMLSelectElement => {
    const select = element("select", { "aria-label": label }, ...options.map((one, at) => element("option", { value: at, selected: at === chosen }, one.label)));
    select.addEventListener("change", () => options[Number(select.value)]?.select());
    root.append(element("label", { class: "film__choice", title: label }, icon(name), select));
    return select;
  };
  const listed = captions.list;
  let words_: HTMLSelectElement | null = null;
  if (listed.length) {
    const options = [{ label: words("captions-off"), select: () => captions.choose(-1) }, ...listed.map((one, at) => ({ label: one.label, select: () => captions.choose(at) }))];
    words_ = add("captions", words("captions"), options, 0);
  }
  const sounds = stream.engine?.audioTracks ?? [];
  if (stream.engine && sounds.length > 1) {
    const { engine } = stream;
    const wanted = sounds.findIndex((one) => one.name === kept().sound);
    if (wanted > 0) engine.audioTrack = wanted;
    const options = sounds.map((one, at) => ({
      label: one.name,
      select: () => {
        engine.audioTrack = at;
        keep({ sound: one.name });
      },
    }));
    add("languages", words("sound-track"), options, Math.max(0, wanted));
  }
  const qualities = stream.qualities();
  if (qualities.length > 1) {
    const best = [...qualities].reverse();
    add("settings", words("quality"), [{ label: words("quality-auto"), select: () => stream.selectAutomatic() }, ...best], 0);
  }
  const speed = (rate: number) => `${rate.toLocaleString(document.documentElement.lang)} ×`;
  add("gauge", words("speed"), RATES.map((rate) => ({ label: speed(rate), select: () => (video.playbackRate = rate) })), RATES.indexOf(1));
  return { root, captions: words_ };
}
