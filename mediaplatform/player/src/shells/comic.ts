// Comics: one page or two, in either direction, by key, click or swipe; the next ones are fetched ahead.
import { element, iconButton } from "../dom";
import type { Session } from "../playback/session";
import { words } from "../words";
import { Attention } from "./attention";
import { addressOf } from "./files";
import { fullButton, showWhole } from "./full";
import type { Close } from "./open";
import { Place, recall, remember } from "./place";
import { spreads } from "./spreads";
import { bindSwipe } from "./touch";
import type { Manifest } from "./web_book";

const IDLE_AFTER_S = 180;
const KEY = "mediaplatform.comics";

type Fit = "page" | "width";
type Pages = "one" | "two";
interface Look {
  fit: Fit;
  pages: Pages;
}

/** Open a comic in its shell, where it was left in this browser. */
export function mountComic(shell: HTMLElement, session: Session, manifest: Manifest): Close {
  const reader = new Comic(shell, session, manifest);
  return () => reader.close();
}

class Comic {
  private readonly attention: Attention;
  private readonly place: Place;
  private readonly closed = new AbortController();
  private readonly sheet = element("div", { class: "comic__sheet", tabindex: 0 });
  private readonly progress = element("output", { class: "book__progress" });
  private readonly slider = element("input", { type: "range", class: "comic__slider", min: 1, step: 1, "aria-label": words("page-number") });
  private readonly look: Look = { fit: "page", pages: "two", ...(JSON.parse(recall(KEY) ?? "{}") as Partial<Look>) };
  private isRtl: boolean;
  private page: number;
  private openings: number[][] = [];

  constructor(
    private readonly shell: HTMLElement,
    private readonly session: Session,
    private readonly manifest: Manifest,
  ) {
    this.attention = new Attention(session, IDLE_AFTER_S);
    this.place = new Place(session);
    this.page = Number(this.place.recall() ?? 0) || 0;
    this.isRtl = manifest.metadata.readingProgression === "rtl";
    this.slider.max = String(manifest.readingOrder.length);
    this.slider.addEventListener("input", () => this.goTo(Number(this.slider.value) - 1));
    const left = iconButton("chevron-left", words("previous-page"), () => this.turn(this.isRtl ? 1 : -1), "round book__turn");
    const right = iconButton("chevron-right", words("next-page"), () => this.turn(this.isRtl ? -1 : 1), "round book__turn");
    shell.replaceChildren(this.tools(), element("div", { class: "book__leaf comic__leaf" }, left, this.sheet, right));
    this.bind();
    this.arrange();
    shell.dataset["state"] = "playing";
    showWhole(shell);
  }

  close(): void {
    this.closed.abort();
    this.attention.close();
    this.session.close();
  }

  private tools(): HTMLElement {
    const choose = <Value extends string>(label: string, values: Record<Value, string>, value: Value, set: (one: Value) => void) => {
      const select = element("select", {}, ...(Object.entries(values) as [Value, string][]).map(([one, name]) => element("option", { value: one, selected: one === value }, name)));
      select.addEventListener("change", () => {
        set(select.value as Value);
        remember(KEY, JSON.stringify(this.look));
        this.arrange();
      });
      return element("label", { class: "film__choice" }, element("span", {}, label), select);
    };
    return element(
      "div",
      { class: "book__tools" },
      choose<Pages>(words("comic-pages"), { two: words("comic-two"), one: words("comic-one") }, this.look.pages, (one) => (this.look.pages = one)),
      choose<Fit>(words("comic-fit"), { page: words("fit-page"), width: words("fit-width") }, this.look.fit, (one) => (this.look.fit = one)),
      choose(words("comic-direction"), { ltr: words("direction-ltr"), rtl: words("direction-rtl") }, this.isRtl ? "rtl" : "ltr", (one) => (this.isRtl = one === "rtl")),
      ...fullButton(this.shell),
      this.slider,
      this.progress,
    );
  }

  private bind(): void {
    const { signal } = this.closed;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    new ResizeObserver(() => this.arrange()).observe(this.sheet);
    bindSwipe(this.sheet, (to) => this.turn((to === "left") !== this.isRtl ? 1 : -1));
    this.sheet.addEventListener("click", (event) => {
      const box = this.sheet.getBoundingClientRect();
      this.turn((event.clientX - box.left > box.width / 2) !== this.isRtl ? 1 : -1);
    });
    for (const name of ["pointermove", "keydown", "wheel", "touchstart"]) this.shell.addEventListener(name, () => this.attention.act(), { passive: true });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, select, textarea")) return;
    const last = this.manifest.readingOrder.length - 1;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.turn(this.isRtl ? 1 : -1),
      ArrowRight: () => this.turn(this.isRtl ? -1 : 1),
      PageUp: () => this.turn(-1),
      PageDown: () => this.turn(1),
      Home: () => this.goTo(0),
      End: () => this.goTo(last),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Lay the pages out anew: two only where there is room for two. */
  private arrange(): void {
    const isDouble = this.look.pages === "two" && this.sheet.clientWidth > this.sheet.clientHeight;
    const pages = this.manifest.readingOrder.map(({ width = 2, height = 3 }) => ({ width, height }));
    this.openings = spreads(pages, isDouble);
    this.shell.dataset["fit"] = this.look.fit;
    this.show();
  }

  private turn(by: 1 | -1): void {
    const now = this.openings.findIndex((pages) => pages.includes(this.page));
    const next = this.openings[now + by];
    if (next?.[0] !== undefined) this.goTo(next[0]);
  }

  private goTo(page: number): void {
    this.page = Math.max(0, Math.min(page, this.manifest.readingOrder.length - 1));
    this.place.remember(String(this.page));
    this.attention.act();
    this.show();
    this.sheet.scrollTo({ top: 0 });
  }

  private show(): void {
    const at = Math.max(0, this.openings.findIndex((pages) => pages.includes(this.page)));
    const open = this.openings[at] ?? [0];
    const total = this.manifest.readingOrder.length;
    const pictures = open.map((page) => this.picture(page));
    this.sheet.replaceChildren(...(this.isRtl ? pictures.reverse() : pictures));
    this.sheet.dataset["pages"] = String(open.length);
    const shown = open.map((page) => page + 1).join("–");
    this.progress.textContent = words("page-of", { page: shown, total });
    this.slider.value = String(this.page + 1);
    this.slider.dir = this.isRtl ? "rtl" : "ltr";
    for (const page of this.openings[at + 1] ?? []) new Image().src = this.address(page);
  }

  private picture(page: number): HTMLElement {
    const { width = 2, height = 3 } = this.manifest.readingOrder[page] ?? {};
    const alt = words("page-of", { page: page + 1, total: this.manifest.readingOrder.length });
    return element("img", { class: "comic__page", src: this.address(page), alt, width, height, draggable: "false" });
  }

  private address(page: number): string {
    return addressOf(this.session, this.manifest.readingOrder[page]?.href ?? "");
  }
}
