// The seek bar: a range input, for keyboards and screen readers, over a drawing of the recording.
import { clock } from "../clock";
import { element } from "../dom";
import { words } from "../words";

export class Waveform {
  readonly root: HTMLElement;
  private readonly range = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, class: "wave__range" });
  private readonly canvas = element("canvas", { class: "wave__drawing", "aria-hidden": "true" });
  private levels: number[] = [];
  private isHeld = false;

  constructor(seek: (position: number) => void) {
    this.range.setAttribute("aria-label", words("position"));
    this.root = element("div", { class: "wave" }, this.canvas, this.range);
    this.range.addEventListener("input", () => {
      this.isHeld = true;
      this.describe(Number(this.range.value));
    });
    this.range.addEventListener("change", () => {
      this.isHeld = false;
      seek(Number(this.range.value));
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** Show another recording; `levels` 0 to 100, null where none was measured. */
  load(levels: number[] | null, duration: number): void {
    this.levels = levels ?? [];
    this.range.max = String(Math.floor(duration));
    this.show(0);
  }

  /** Move to a position, unless the listener holds the handle. */
  show(position: number, duration?: number): void {
    if (duration && Number.isFinite(duration)) this.range.max = String(Math.floor(duration));
    if (this.isHeld) return;
    this.range.value = String(Math.floor(position));
    this.describe(position);
  }

  private describe(position: number): void {
    const total = clock(Number(this.range.max));
    this.range.setAttribute("aria-valuetext", words("position-of", { time: clock(position), total }));
    this.draw();
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const context = this.canvas.getContext("2d");
    if (!context || !width) return;
    const scale = devicePixelRatio;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    context.scale(scale, scale);
    const colours = getComputedStyle(this.canvas);
    const played = (Number(this.range.value) / Math.max(1, Number(this.range.max))) * width;
    const step = 3;
    for (let x = 0; x < width; x += step) {
      const level = this.levels.length ? (this.levels[Math.floor((x / width) * this.levels.length)] ?? 0) : 8;
      const tall = Math.max(2, (level / 100) * height);
      context.fillStyle = x < played ? colours.color : colours.getPropertyValue("--wave-rest");
      context.fillRect(x, (height - tall) / 2, 2, tall);
    }
  }
}
