// Games: a frame closed off from the platform, on a host of its own; the rating is on the page before it starts.
import { element, iconButton } from "../dom";
import type { Session } from "../playback/session";
import { words } from "../words";
import { Attention } from "./attention";
import { GameSaves } from "./game_saves";
import type { Close } from "./open";

const IDLE_AFTER_S = 120; // what is pressed inside the frame is not seen from here; focus in it is

/** Offer the game; it starts when asked. */
export function mountGame(shell: HTMLElement, session: Session): Close {
  let attention: Attention | null = null;
  const start = element("button", { type: "button", class: "button button--primary" }, words("game-start"));
  const note = element("p", { class: "quiet" }, words("game-note"));
  const opening = GameSaves.open(session);
  shell.replaceChildren(element("div", { class: "game__door" }, start, note));
  start.addEventListener("click", () => {
    start.disabled = true;
    void opening.then((saves) => isOver || begin(saves));
  });
  const begin = (saves: GameSaves) => {
    const frame = element("iframe", {
      class: "game__frame",
      title: session.opened.resource.title,
      sandbox: "allow-scripts allow-pointer-lock",
      allow: `fullscreen; gamepad${"threads" in shell.dataset ? "; cross-origin-isolated" : ""}`,
      referrerpolicy: "no-referrer",
      src: session.opened.manifest_url,
    });
    const full = iconButton("maximize", words("game-full"), () => void shell.requestFullscreen(), "round game__full");
    saves.lend(frame);
    shell.replaceChildren(frame, ...(document.fullscreenEnabled ? [full] : []));
    frame.addEventListener("load", () => frame.focus());
    const watch = (attention = new Attention(session, IDLE_AFTER_S));
    const inside = window.setInterval(() => document.activeElement === frame && document.hasFocus() && watch.act(), 1000);
    stop = () => {
      clearInterval(inside);
      saves.close();
    };
    shell.dataset["state"] = "playing";
  };
  let isOver = false;
  let stop: () => void = () => undefined;
  return () => {
    isOver = true;
    stop();
    attention?.close();
    session.close();
  };
}
