// The picture of the moment under the pointer: sheets of small pictures, loaded when first needed.
import { clock } from "../clock";
import { element } from "../dom";
import type { Session } from "../playback/session";
import { addressOf, fetchFile } from "./files";
import { type Cue, cueAt, readCues } from "./vtt";

export class Thumbs {
  readonly root: HTMLElement;
  private readonly picture = element("div", { class: "film__small" });
  private readonly time = element("span", { class: "film__moment" });
  private cues: Cue[] = [];

  constructor(private readonly session: Session) {
    this.root = element("div", { class: "film__thumb", hidden: true, "aria-hidden": "true" }, this.picture, this.time);
    this.picture.hidden = true;
  }

  /** Read where which moment's picture is. */
  async load(href: string): Promise<void> {
    this.cues = readCues(await (await fetchFile(this.session, href)).text());
  }

  /** Show a moment above the place of the line that it has, 0 to 1. */
  show(moment: number, part: number): void {
    this.time.textContent = clock(moment);
    const target = this.cues[cueAt(this.cues, moment)]?.text ?? "";
    const [sheet, area] = target.split("#xywh=");
    const [x = 0, y = 0, width = 0, height = 0] = (area ?? "").split(",").map(Number);
    this.picture.hidden = !sheet || !width;
    if (sheet && width) {
      const style = this.picture.style;
      style.width = `${width}px`;
      style.height = `${height}px`;
      style.backgroundImage = `url("${addressOf(this.session, sheet)}")`;
      style.backgroundPosition = `-${x}px -${y}px`;
    }
    this.root.style.insetInlineStart = `${Math.min(Math.max(part, 0.02), 0.98) * 100}%`;
    this.root.hidden = false;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
