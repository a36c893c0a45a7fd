// What the page shows of an upload: bytes that have really left, in all and by file, and a word when something happens.
import { element } from "../dom";
import type { Sending } from "./sending";
import type { SentFile } from "./work";

export type Say = (name: string, places?: Record<string, string | number>) => string;

const MOST_ROWS = 200; // more are counted
const ORDER = { failed: 0, sending: 1, waiting: 2, arrived: 3 };
const STEPS = [25, 50, 75];
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Write a size as people do, in the page's language. */
export function size(bytes: number, language: string): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unitDisplay = power === 0 ? "long" : "short";
  const style: Intl.NumberFormatOptions = { unitDisplay, style: "unit", unit: UNITS[power] ?? "byte", maximumFractionDigits: power > 1 ? 1 : 0 };
  return new Intl.NumberFormat(language, style).format(bytes / 1000 ** power);
}

/** Return the share that has left, never 100 before all of it has arrived. */
export function percent(sent: number, total: number, isComplete: boolean): number {
  if (isComplete) return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * sent) / total));
}

interface Row {
  root: HTMLElement;
  bar: HTMLProgressElement;
  note: HTMLElement;
}

export class View {
  private readonly rows = new Map<string, Row>();
  private readonly language = document.documentElement.lang;
  private isPlanned = false;
  private said = 0;
  private hasSaidAll = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly say: Say,
  ) {}

  /** Draw soon: a hundred changes a second are one drawing a frame. */
  plan(sending: Sending, isArmed: boolean): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    requestAnimationFrame(() => {
      this.isPlanned = false;
      this.draw(sending, isArmed);
    });
  }

  /** Say something in the live region. */
  announce(text: string): void {
    this.part("live").textContent = text;
  }

  /** Show what is wrong, each fault in its line. */
  complain(lines: readonly string[]): void {
    const place = this.part("faults");
    place.replaceChildren(...lines.map((line) => element("p", { class: "message message--error" }, line)));
    place.hidden = lines.length === 0;
  }

  private draw(sending: Sending, isArmed: boolean): void {
    const files = sending.files;
    this.part("sent").hidden = files.length === 0;
    const done = percent(sending.sentBytes, sending.totalBytes, sending.isComplete);
    const arrived = files.filter((one) => one.state === "arrived").length;
    (this.part("total") as HTMLProgressElement).value = done;
    this.part("percent").textContent = new Intl.NumberFormat(this.language, { style: "percent" }).format(done / 100);
    this.part("count").textContent = this.say("count", {
      arrived,
      files: files.length,
      sent: size(sending.sentBytes, this.language),
      total: size(sending.totalBytes, this.language),
    });
    this.part("pause").hidden = sending.isPaused || sending.isComplete;
    this.part("go-on").hidden = !sending.isPaused || sending.isComplete;
    this.part("armed").hidden = !isArmed;
    (this.part("deliver") as HTMLButtonElement).disabled = isArmed;
    this.drawRows(files);
    this.tellProgress(done, sending, files.length);
  }

  private drawRows(files: readonly SentFile[]): void {
    const shown = [...files].sort((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, MOST_ROWS);
    const keep = new Set(shown.map((one) => one.path));
    for (const [path, row] of this.rows) {
      if (keep.has(path)) continue;
      row.root.remove();
      this.rows.delete(path);
    }
    for (const one of shown) this.drawRow(one);
    const more = this.part("more");
    more.hidden = files.length <= MOST_ROWS;
    more.textContent = this.say("more", { count: files.length - shown.length });
  }

  private drawRow(one: SentFile): void {
    const row = this.rows.get(one.path) ?? this.newRow(one);
    row.root.dataset["state"] = one.state;
    row.bar.value = percent(one.arrived + one.moving, one.file.size, one.state === "arrived");
    row.note.textContent = one.state === "failed" ? this.reason(one.reason) : this.say(one.state === "sending" && one.arrived + one.moving === 0 ? "waiting" : one.state);
  }

  private newRow(one: SentFile): Row {
    const bar = element("progress", { max: 100, value: 0, "aria-label": one.path });
    const note = element("span", { class: "small quiet upload__note" });
    const root = element(
      "li",
      { class: "upload__file" },
      element("span", { class: "upload__name" }, one.path),
      element("span", { class: "small number quiet" }, size(one.file.size, this.language)),
      element("span", { class: "progress" }, bar),
      note,
    );
    this.part("files").append(root);
    const row = { root, bar, note };
    this.rows.set(one.path, row);
    return row;
  }

  private reason(reason: string): string {
    return reason === "network" || reason === "unreadable" ? this.say(reason) : reason;
  }

  private tellProgress(done: number, sending: Sending, files: number): void {
    if (sending.isComplete && !this.hasSaidAll) this.announce(this.say("all-arrived", { files }));
    this.hasSaidAll = sending.isComplete;
    const step = STEPS.findLast((one) => done >= one) ?? 0;
    if (step > this.said && !sending.isComplete) this.announce(this.say("progress", { percent: step }));
    this.said = step;
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the page has no ${name}`);
    return found;
  }
}
