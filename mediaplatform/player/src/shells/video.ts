// Films: the browser's own controls (captions, keyboard, screen readers, full screen) over hls.js, and a choice of quality and speed.
// Third-party control sets style themselves with inline sheets, which the platform's content security policy forbids.
import { element } from "../dom";
import { attach } from "../playback/hls";
import { Reporter } from "../playback/reporter";
import type { Session } from "../playback/session";
import { words } from "../words";
import type { Close } from "./open";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** Play a film in its shell. */
export async function mountVideo(shell: HTMLElement, session: Session): Promise<Close> {
  const { resource } = session.opened;
  const video = element("video", { controls: true, playsinline: true, preload: "auto", class: "film__picture", "aria-label": resource.title });
  if (resource.cover_url) video.poster = resource.cover_url;
  const fault = element("p", { class: "shell__fault", role: "alert", hidden: true });
  const stream = await attach(video, session, (isNetwork, said) => {
    fault.textContent = said ?? words(isNetwork ? "error-network" : "error");
    video.pause();
    fault.hidden = false;
    shell.dataset["state"] = "error";
  });
  const speed = selection(words("speed"), RATES.map((rate) => ({ label: `${rate.toLocaleString(document.documentElement.lang)} ×`, select: () => (video.playbackRate = rate) })), RATES.indexOf(1));
  const tools = element("div", { class: "film__tools" }, speed);
  shell.replaceChildren(video, fault);
  shell.after(tools);
  video.addEventListener("loadedmetadata", () => {
    const qualities = stream.qualities();
    if (qualities.length > 1) tools.append(selection(words("quality"), [{ label: words("quality-auto"), select: () => stream.selectAutomatic() }, ...qualities], 0));
  }, { once: true });
  const reporter = follow(shell, video, session);
  return () => {
    video.pause();
    reporter()?.close();
    stream.close();
    tools.remove();
    session.close();
  };
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

function selection(label: string, choices: { label: string; select: () => void }[], chosen: number): HTMLElement {
  const select = element("select", {}, ...choices.map((choice, at) => element("option", { value: at, selected: at === chosen }, choice.label)));
  select.addEventListener("change", () => choices[Number(select.value)]?.select());
  return element("label", { class: "film__choice" }, element("span", {}, label), select);
}
