// A film's captions to read: each line goes to its moment, and the one that is heard is marked.
import { clock } from "../clock";
import { element } from "../dom";
import type { Session } from "../playback/session";
import { words } from "../words";
import { fetchFile } from "./files";
import { type Cue, cueAt, plain, readCues } from "./vtt";

export interface CaptionFile {
  language: string;
  label: string;
  href: string;
}

export class Transcript {
  readonly root: HTMLDetailsElement;
  private readonly list = element("ol", { class: "transcript__lines plain" });
  private cues: Cue[] = [];
  private marked = -1;
  private language = "";

  constructor(
    private readonly session: Session,
    private readonly video: HTMLVideoElement,
    private readonly files: CaptionFile[],
  ) {
    const choice = element("select", { "aria-label": words("transcript-language") }, ...files.map((one) => element("option", { value: one.language }, one.label)));
    choice.addEventListener("change", () => void this.show(choice.value));
    this.root = element("details", { class: "transcript" }, element("summary", {}, words("transcript")));
    if (files.length > 1) this.root.append(choice);
    this.root.append(this.list);
    this.root.addEventListener("toggle", () => this.root.open && void this.show(this.language || (files[0]?.language ?? "")));
    video.addEventListener("timeupdate", () => this.mark());
  }

  /** Read on in the language in which captions are shown. */
  follow(language: string): void {
    if (!language) return;
    const select = this.root.querySelector("select");
    if (select) select.value = language;
    if (this.root.open) void this.show(language);
    else this.language = language;
  }

  private async show(language: string): Promise<void> {
    const file = this.files.find((one) => one.language === language);
    if (!file || (this.language === language && this.cues.length)) return;
    this.language = language;
    this.cues = readCues(await (await fetchFile(this.session, file.href)).text());
    this.list.lang = language;
    this.marked = -1;
    this.list.replaceChildren(...this.cues.map((cue) => this.line(cue)));
    this.mark();
  }

  private line(cue: Cue): HTMLElement {
    const button = element("button", { type: "button", class: "transcript__line" }, element("span", { class: "transcript__time" }, clock(cue.start)), element("span", {}, plain(cue.text)));
    button.addEventListener("click", () => (this.video.currentTime = cue.start));
    return element("li", {}, button);
  }

  private mark(): void {
    const now = this.root.open ? cueAt(this.cues, this.video.currentTime) : -1;
    if (now === this.marked) return;
    this.list.children[this.marked]?.firstElementChild?.removeAttribute("aria-current");
    this.marked = now;
    const line = this.list.children[now] as HTMLElement | undefined;
    line?.firstElementChild?.setAttribute("aria-current", "true");
    if (line) this.list.scrollTo({ top: line.offsetTop - this.list.clientHeight / 3 });
  }
}
