// Reading on the whole screen, where the browser can show an element so: iPhones can't, and get no button for it.
import { iconButton } from "../dom";
import { words } from "../words";

/** Make the button that shows a shell on the whole screen, and back; nothing where that can't be. */
export function fullButton(shell: HTMLElement): HTMLElement[] {
  if (!document.fullscreenEnabled) return [];
  const turn = () => (document.fullscreenElement ? document.exitFullscreen() : shell.requestFullscreen());
  return [iconButton("maximize", words("film-full"), () => void turn().catch(() => undefined))];
}

/** On a small screen the page that is read fills it: bring it there once it is open. */
export function showWhole(shell: HTMLElement): void {
  if (matchMedia("(max-width: 40rem)").matches) shell.scrollIntoView({ block: "start" });
}
