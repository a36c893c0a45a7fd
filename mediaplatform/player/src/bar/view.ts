// The bar's elements. It shows what it is told and says what was pressed; it knows nothing of sessions.
import { clock } from "../clock";
import { element, icon, iconButton, relabel } from "../dom";
import type { QueueItem, Resource } from "../playback/api";
import { words } from "../words";
import { LEVELS, type Level } from "./level";
import { CHOICES, type Sleep } from "./sleep";
import { Waveform } from "./waveform";

export type State = "idle" | "loading" | "playing" | "paused" | "error";

/** What the bar shows of a recording. */
export type Shown = Pick<Resource, "title" | "artist" | "release_url" | "cover_url" | "duration_s" | "waveform">;

export interface Acts {
  toggle: () => void;
  next: () => void;
  previous: () => void;
  seek: (position: number) => void;
  setRate: (rate: number) => void;
  setVolume: (volume: number) => void;
  setSleep: (sleep: Sleep) => void;
  setLevel: (level: Level) => void;
  choose: (item: QueueItem) => void;
  retry: () => void;
}

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

export class View {
  private readonly cover = element("img", { class: "bar__cover", alt: "", width: 56, height: 56, hidden: true });
  private readonly title = element("a", { class: "bar__title", href: "#" });
  private readonly artist = element("span", { class: "bar__artist" });
  private readonly elapsed = element("span", { class: "bar__time" });
  private readonly total = element("span", { class: "bar__time" });
  private readonly live = element("p", { class: "unseen", "aria-live": "polite" });
  private readonly fault = element("p", { class: "bar__fault", role: "alert", hidden: true });
  private readonly playButton: HTMLButtonElement;
  private readonly previousButton: HTMLButtonElement;
  private readonly nextButton: HTMLButtonElement;
  private readonly waveform: Waveform;
  private readonly list = element("ol", { class: "bar__list plain" });
  private readonly panel = element("div", { class: "bar__panel", id: "player-queue", hidden: true });
  private readonly queueButton: HTMLButtonElement;
  private duration = 0;

  constructor(
    private readonly root: HTMLElement,
    audios: HTMLAudioElement[],
    level: Level,
    private readonly acts: Acts,
  ) {
    this.playButton = iconButton("play", words("play"), acts.toggle, "round bar__play");
    this.previousButton = iconButton("skip-back", words("previous"), acts.previous);
    this.nextButton = iconButton("skip-forward", words("next"), acts.next);
    this.queueButton = iconButton("list-music", words("queue"), () => this.togglePanel());
    this.queueButton.setAttribute("aria-expanded", "false");
    this.queueButton.setAttribute("aria-controls", "player-queue");
    this.waveform = new Waveform(acts.seek);
    this.panel.append(element("h2", { class: "bar__heading" }, words("queue")), this.list, this.levels(level));
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.togglePanel(false));
    const what = element("div", { class: "bar__what" }, this.cover, element("div", { class: "bar__names" }, this.title, this.artist));
    const keys = element("div", { class: "bar__keys" }, this.previousButton, this.playButton, this.nextButton);
    const seek = element("div", { class: "bar__seek" }, this.elapsed, this.waveform.root, this.total);
    const more = element("div", { class: "bar__more" }, this.rates(), this.sleeps(), this.volumes(), this.queueButton);
    const line = element("div", { class: "bar__line" }, what, keys, seek, more);
    root.append(element("section", { class: "bar", "aria-label": words("bar") }, this.panel, this.fault, line, this.live, ...audios));
  }

  /** Show another recording. */
  load(resource: Shown): void {
    this.duration = resource.duration_s ?? 0;
    this.title.textContent = resource.title;
    this.title.href = resource.release_url;
    this.artist.textContent = resource.artist;
    this.cover.hidden = !resource.cover_url;
    if (resource.cover_url) this.cover.src = resource.cover_url;
    this.waveform.load(resource.waveform, this.duration);
    this.showPosition(0);
  }

  /** Show a state of the player; `what` is read aloud. */
  show(state: State, what = ""): void {
    this.root.dataset["state"] = state;
    const isPlaying = state === "playing" || state === "loading";
    relabel(this.playButton, isPlaying ? "pause" : "play", words(isPlaying ? "pause" : "play"));
    if (what) this.live.textContent = what;
    if (state !== "error") this.fault.hidden = true;
  }

  /** Say what went wrong, and offer to try again. */
  showFault(text: string): void {
    this.show("error");
    const again = element("button", { type: "button", class: "linkish" }, words("retry"));
    again.addEventListener("click", this.acts.retry);
    this.fault.replaceChildren(icon("circle-alert"), text, " ", again);
    this.fault.hidden = false;
  }

  /** Say what is being waited for; nobody has to do anything. */
  showNote(text: string): void {
    this.fault.replaceChildren(icon("info"), text);
    this.fault.hidden = false;
  }

  hideNote(): void {
    if (this.root.dataset["state"] !== "error") this.fault.hidden = true;
  }

  /** Move the playhead. */
  showPosition(position: number, duration?: number): void {
    if (duration && Number.isFinite(duration)) this.duration = duration;
    this.elapsed.textContent = clock(position);
    this.total.textContent = clock(this.duration);
    this.waveform.show(position, duration);
  }

  /** List the queue; the current one is marked. */
  showQueue(items: readonly QueueItem[], current: QueueItem | null): void {
    const at = current ? items.indexOf(current) : -1;
    this.previousButton.disabled = at < 0;
    this.nextButton.disabled = at < 0 || at === items.length - 1;
    this.list.replaceChildren(
      ...items.map((item) => {
        const button = element(
          "button",
          { type: "button", class: "bar__item", "aria-current": item === current },
          element("span", {}, item.title),
          element("span", { class: "bar__time" }, item.duration_s ? clock(item.duration_s) : ""),
        );
        button.addEventListener("click", () => this.acts.choose(item));
        return element("li", {}, button);
      }),
    );
  }

  private togglePanel(isOpen = this.panel.hidden): void {
    this.panel.hidden = !isOpen;
    this.queueButton.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list.querySelector<HTMLElement>("[aria-current]")?.focus();
    else this.queueButton.focus();
  }

  private rates(): HTMLElement {
    const options = RATES.map((rate) => element("option", { value: rate, selected: rate === 1 }, `${rate.toLocaleString(document.documentElement.lang)} ×`));
    return this.selection("gauge", words("speed"), options, (value) => this.acts.setRate(Number(value)));
  }

  private sleeps(): HTMLElement {
    const label = (choice: Sleep) =>
      typeof choice === "number" ? words("sleep-minutes", { minutes: choice }) : words(`sleep-${choice}`);
    const options = CHOICES.map((choice) => element("option", { value: choice }, label(choice)));
    return this.selection("timer", words("sleep"), options, (value) =>
      this.acts.setSleep(value === "off" || value === "track" ? value : Number(value)),
    );
  }

  private levels(level: Level): HTMLElement {
    const options = LEVELS.map((one) => element("option", { value: one, selected: one === level }, words(`level-${one}`)));
    const select = element("select", {}, ...options);
    select.addEventListener("change", () => this.acts.setLevel(LEVELS[select.selectedIndex] ?? "album"));
    return element("label", { class: "bar__level" }, element("span", {}, words("level")), select);
  }

  private selection(name: string, label: string, options: HTMLOptionElement[], act: (value: string) => void): HTMLElement {
    const select = element("select", { "aria-label": label, title: label }, ...options);
    select.addEventListener("change", () => act(select.value));
    return element("span", { class: "bar__select" }, icon(name), select);
  }

  private volumes(): HTMLElement {
    const range = element("input", { type: "range", min: 0, max: 100, value: 100, class: "bar__volume", "aria-label": words("volume") });
    let before = 100;
    const button = iconButton("volume-2", words("mute"), () => {
      if (Number(range.value)) before = Number(range.value);
      range.value = Number(range.value) ? "0" : String(before);
      range.dispatchEvent(new Event("input"));
    });
    range.addEventListener("input", () => {
      const volume = Number(range.value);
      relabel(button, volume ? "volume-2" : "volume-x", words(volume ? "mute" : "sound"));
      this.acts.setVolume(volume / 100);
    });
    return element("span", { class: "bar__volumes" }, button, range);
  }
}
