// Films: hls.js under controls of our own, since third-party sets style themselves inline, which our policy forbids.
import { clock } from "../clock";
import { element } from "../dom";
import { attach } from "../playback/hls";
import { Reporter } from "../playback/reporter";
import type { Session } from "../playback/session";
import { words } from "../words";
import { fetchFile } from "./files";
import { Captions, choices, keep, kept } from "./film_choices";
import { Controls } from "./film_controls";
import { Thumbs } from "./film_thumbs";
import { type CaptionFile, Transcript } from "./film_transcript";
import type { Close } from "./open";
import { Place } from "./place";

interface FilmFile {
  thumbnails: string;
  captions: CaptionFile[];
}

const RESUME_FROM_S = 10; // what is nearer to the beginning or to the end begins anew
const KEEP_EVERY_S = 5;

/** Play a film in its shell. */
export async function mountVideo(shell: HTMLElement, session: Session): Promise<Close> {
  const { resource } = session.opened;
  const video = element("video", { playsinline: true, preload: "auto", class: "film__picture", "aria-label": resource.title });
  if (resource.cover_url) video.poster = resource.cover_url;
  const fault = element("p", { class: "shell__fault film__fault", role: "alert", hidden: true });
  const fail = (isNetwork: boolean, said?: string) => {
    fault.textContent = said ?? words(isNetwork ? "error-network" : "error");
    video.pause();
    fault.hidden = false;
    shell.dataset["state"] = "error";
  };
  const from = placeOf(session);
  const [stream, film] = await Promise.all([attach(video, session, fail, from), fetchFilm(session)]);
  const closed = new AbortController();
  const thumbs = new Thumbs(session);
  const transcript = film.captions.length ? new Transcript(session, video, film.captions) : null;
  let list: HTMLSelectElement | null = null;
  const captions = new Captions(video, stream, session, film.captions, (language) => {
    keep({ captions: language });
    transcript?.follow(language);
  });
  const chooseCaptions = (at: number) => {
    captions.choose(at);
    if (list) list.value = String(at + 1);
  };
  const controls = new Controls(shell, video, thumbs, () => chooseCaptions(list?.value === "0" ? lastLanguage(captions) : -1));
  controls.bindKeys(closed.signal);
  shell.replaceChildren(controls.root, fault);
  video.addEventListener(
    "loadedmetadata",
    () => {
      captions.settle();
      const found = choices(video, stream, captions);
      list = found.captions;
      controls.choices.replaceWith(found.root);
      const wanted = captions.list.findIndex((one) => one.language === kept().captions);
      if (wanted >= 0) chooseCaptions(wanted);
    },
    { once: true },
  );
  if (transcript) {
    transcript.follow(kept().captions ?? "");
    shell.after(transcript.root);
  }
  if (film.thumbnails) thumbs.load(film.thumbnails).catch(() => undefined);
  keepPlace(video, session);
  if (from) noteResumed(shell, video, from);
  const reporter = follow(shell, video, session);
  video.play().catch(() => undefined); // a browser that waits for a click shows the large button
  return () => {
    closed.abort();
    video.pause();
    reporter()?.close();
    stream.close();
    transcript?.root.remove();
    session.close();
  };
}

/** Read what lies beside the stream; packages of the first recipe have nothing there. */
async function fetchFilm(session: Session): Promise<FilmFile> {
  try {
    return (await (await fetchFile(session, "film.json")).json()) as FilmFile;
  } catch {
    return { thumbnails: "", captions: [] };
  }
}

/** The captions that were last shown, else the first. */
function lastLanguage(captions: Captions): number {
  return Math.max(0, captions.list.findIndex((one) => one.language === kept().captions));
}

/** Return where the film was left, on any device if the patron keeps a history, else in this browser; 0 at its ends. */
function placeOf(session: Session): number {
  const total = session.opened.resource.duration_s ?? 0;
  const from = session.opened.resume?.position_s ?? Number(new Place(session).recall() ?? 0);
  return from >= RESUME_FROM_S && from < total - RESUME_FROM_S ? from : 0;
}

function keepPlace(video: HTMLVideoElement, session: Session): void {
  const place = new Place(session);
  let kept = 0;
  video.addEventListener("timeupdate", () => {
    if (Math.abs(video.currentTime - kept) < KEEP_EVERY_S) return;
    kept = video.currentTime;
    place.remember(String(Math.floor(kept)));
  });
}

/** Say where the film goes on, and offer its beginning. */
function noteResumed(shell: HTMLElement, video: HTMLVideoElement, from: number): void {
  const again = element("button", { type: "button", class: "film__again" }, words("film-again"));
  const note = element("p", { class: "film__note", role: "status" }, words("film-resumed", { time: clock(from) }), " ", again);
  again.addEventListener("click", () => {
    video.currentTime = 0;
    note.remove();
  });
  shell.append(note);
  window.setTimeout(() => note.remove(), 12_000);
}

/** The session is reported from the first picture on; returns its reporter, if there is one yet. */
function follow(shell: HTMLElement, video: HTMLVideoElement, session: Session): () => Reporter | null {
  let reporter: Reporter | null = null;
  const on = (name: string, act: () => void) => video.addEventListener(name, act);
  const where = () => ({ position_s: video.currentTime, rate: video.playbackRate });
  on("playing", () => {
    reporter ??= new Reporter(session, where);
    reporter.advance();
    session.resume();
    shell.dataset["state"] = "playing";
  });
  on("timeupdate", () => {
    if (!video.paused && !video.seeking) reporter?.advance();
  });
  on("pause", () => {
    reporter?.advance();
    reporter?.listened.interrupt();
    reporter?.report(video.ended ? "end" : "pause");
    session.pause();
    shell.dataset["state"] = "paused";
  });
  on("seeking", () => reporter?.listened.interrupt());
  on("seeked", () => {
    reporter?.report("seek");
    if (!video.paused) reporter?.advance();
  });
  return () => reporter;
}
