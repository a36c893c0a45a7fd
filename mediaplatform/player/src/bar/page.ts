// The page's play buttons, whatever page is open: one listener for all, and the mark on what plays.
import type { Bar } from "./bar";

const TYPING = "input, textarea, select, button, a, summary, audio, video, [contenteditable]";

/** Let play buttons play, keys steer, and pages show what is on. */
export function bindPage(bar: Bar): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-play-release], [data-play-resource]") : null;
    if (button) press(bar, button);
  });
  document.addEventListener("keydown", (event) => {
    const isFree = !(event.target instanceof Element && event.target.closest(TYPING));
    if (event.key === " " && isFree && bar.current && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      bar.toggle();
    }
  });
  bar.addEventListener("change", () => mark(bar));
  document.addEventListener("htmx:afterSettle", () => mark(bar));
}

function press(bar: Bar, button: HTMLElement): void {
  const resourceId = number(button.dataset["playResource"]);
  const releaseId = number(button.dataset["playRelease"] ?? button.dataset["release"]);
  const isOn = isMeant(bar, resourceId, releaseId);
  if (isOn) bar.toggle();
  else if (releaseId) void bar.play(releaseId, resourceId);
}

function mark(bar: Bar): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-play-release], [data-play-resource]")) {
    const resourceId = number(button.dataset["playResource"]);
    const releaseId = number(button.dataset["playRelease"] ?? button.dataset["release"]);
    const isOn = isMeant(bar, resourceId, releaseId);
    const sounds = isOn && !!bar.current?.isPlaying;
    button.toggleAttribute("data-playing", sounds);
    button.setAttribute("aria-pressed", String(sounds));
    const use = button.querySelector("use");
    use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#\w+$/, sounds ? "#pause" : "#play"));
    button.closest("[data-track]")?.classList.toggle("is-playing", isOn);
  }
}

function isMeant(bar: Bar, resourceId: number | undefined, releaseId: number | undefined): boolean {
  const { current } = bar;
  return !!current && (resourceId ? current.resourceId === resourceId : current.releaseId === releaseId);
}

const number = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);
