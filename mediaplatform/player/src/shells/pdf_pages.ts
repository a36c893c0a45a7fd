// A PDF's pages under each other: each takes its place at once and is drawn when it comes near.
import type { PDFDocumentProxy, PDFPageProxy, RenderTask } from "pdfjs-dist";
import { TextLayer } from "pdfjs-dist";
import { element } from "../dom";
import { words } from "../words";

const GAP = 12;
const SCALES = { least: 0.4, most: 4, step: 1.2 };
const SHARPEST = 3; // device pixels of a pixel
const MOST_PIXELS = 16_000_000; // of a canvas: phones refuse larger ones

interface Leaf {
  root: HTMLElement;
  number: number;
  width: number;
  height: number;
  drawnAt: number;
  task: RenderTask | null;
  text: HTMLElement | null;
}

export class Pages {
  readonly root = element("div", { class: "pdf__pages", tabindex: 0, role: "document" });
  scale = 1;
  isFitted = true;
  private leaves: Leaf[] = [];
  private readonly near: IntersectionObserver;
  private readonly size: ResizeObserver;

  /** `turned` is called with the page that is looked at, and `drawn` when a page has its text. */
  constructor(
    private readonly book: PDFDocumentProxy,
    private readonly turned: (page: number) => void,
    private readonly drawn: () => void,
  ) {
    this.near = new IntersectionObserver((seen) => seen.forEach((one) => this.see(one)), { root: this.root, rootMargin: "60% 0px" });
    this.size = new ResizeObserver(() => this.isFitted && this.fit());
    this.root.addEventListener("scroll", () => this.turned(this.current), { passive: true });
  }

  /** Lay out all pages: with the size of the first until each has been looked at. */
  async open(at: number): Promise<void> {
    const { width, height } = (await this.book.getPage(1)).getViewport({ scale: 1 });
    for (let number = 1; number <= this.book.numPages; number++) {
      const root = element("div", { class: "pdf__page", role: "region", "aria-label": words("page-of", { page: number, total: this.book.numPages }) });
      this.leaves.push({ root, number, width, height, drawnAt: 0, task: null, text: null });
    }
    this.root.replaceChildren(...this.leaves.map((leaf) => leaf.root));
    this.fit();
    this.goTo(at);
    this.leaves.forEach((leaf) => this.near.observe(leaf.root));
    this.size.observe(this.root);
  }

  get current(): number {
    const middle = this.root.scrollTop + this.root.clientHeight / 3;
    const found = this.leaves.findLastIndex((leaf) => leaf.root.offsetTop <= middle);
    return Math.max(1, found + 1);
  }

  /** Pages are seen in their whole width: a finger that moves across scrolls nothing. */
  get isWhole(): boolean {
    return this.root.scrollWidth <= this.root.clientWidth + 1;
  }

  get texts(): HTMLElement[] {
    return this.leaves.flatMap((leaf) => (leaf.text ? [leaf.text] : []));
  }

  goTo(page: number): void {
    const leaf = this.leaves[Math.min(this.leaves.length, Math.max(1, page)) - 1];
    if (leaf) this.root.scrollTop = leaf.root.offsetTop - GAP;
  }

  /** Bring a mark on a page into view. */
  reveal(page: number, at: number): void {
    this.goTo(page);
    const text = this.leaves[page - 1]?.text;
    const marks = [...(CSS.highlights.get("pdf-found") ?? [])].filter((range) => text?.contains((range as Range).startContainer));
    const box = (marks[Math.min(at, marks.length - 1)] as Range | undefined)?.getBoundingClientRect();
    if (box) this.root.scrollBy({ top: box.top - this.root.getBoundingClientRect().top - this.root.clientHeight / 3 });
  }

  /** Make the widest page as wide as there is room. */
  fit(): void {
    const widest = Math.max(...this.leaves.map((leaf) => leaf.width));
    this.isFitted = true;
    this.rescale(Math.min(2, (this.root.clientWidth - 2 * GAP) / widest));
  }

  zoom(by: 1 | -1): void {
    this.isFitted = false;
    this.rescale(this.scale * SCALES.step ** by);
  }

  close(): void {
    this.near.disconnect();
    this.size.disconnect();
    this.leaves.forEach((leaf) => leaf.task?.cancel());
  }

  private rescale(wanted: number): void {
    const scale = Math.min(SCALES.most, Math.max(SCALES.least, wanted));
    if (Math.abs(scale - this.scale) < 0.001 && this.leaves[0]?.root.style.width) return;
    const page = this.current;
    this.scale = scale;
    for (const leaf of this.leaves) {
      this.shape(leaf);
      if (leaf.drawnAt) void this.draw(leaf);
    }
    this.root.toggleAttribute("data-whole", this.isWhole);
    this.goTo(page);
  }

  private shape(leaf: Leaf): void {
    leaf.root.style.width = `${Math.floor(leaf.width * this.scale)}px`;
    leaf.root.style.height = `${Math.floor(leaf.height * this.scale)}px`;
    leaf.root.style.setProperty("--total-scale-factor", String(this.scale));
    leaf.root.style.setProperty("--scale-factor", String(this.scale));
  }

  private see(seen: IntersectionObserverEntry): void {
    const leaf = this.leaves.find((one) => one.root === seen.target);
    if (!leaf) return;
    if (seen.isIntersecting) void this.draw(leaf);
    else this.clear(leaf);
  }

  private async draw(leaf: Leaf): Promise<void> {
    const scale = this.scale;
    if (leaf.drawnAt === scale) return;
    leaf.task?.cancel();
    leaf.drawnAt = scale;
    try {
      const page = await this.book.getPage(leaf.number);
      this.measure(leaf, page);
      const viewport = page.getViewport({ scale });
      const sharp = Math.min(SHARPEST, devicePixelRatio, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
      const canvas = element("canvas", { class: "pdf__canvas", width: Math.floor(viewport.width * sharp), height: Math.floor(viewport.height * sharp), "aria-hidden": "true" });
      leaf.task = page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] });
      await leaf.task.promise;
      const text = element("div", { class: "pdf__text textLayer" });
      await new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
      if (leaf.drawnAt !== scale) return;
      leaf.text = text;
      leaf.root.replaceChildren(canvas, text);
      this.drawn();
    } catch (error) {
      if ((error as Error).name !== "RenderingCancelledException") leaf.drawnAt = 0;
    }
  }

  private measure(leaf: Leaf, page: PDFPageProxy): void {
    const { width, height } = page.getViewport({ scale: 1 });
    if (width === leaf.width && height === leaf.height) return;
    leaf.width = width;
    leaf.height = height;
    this.shape(leaf);
  }

  private clear(leaf: Leaf): void {
    leaf.task?.cancel();
    leaf.task = leaf.text = null;
    leaf.drawnAt = 0;
    leaf.root.replaceChildren();
  }
}
