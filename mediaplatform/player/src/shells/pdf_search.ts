// Finding words in a PDF: page by page, accents and case apart, marked on the page by ranges (no markup is touched).
import type { PDFDocumentProxy } from "pdfjs-dist";

const NAME = "pdf-found";
const MOST = 500;

export interface Hit {
  page: number;
  at: number; // which of its page
}

/** Return a text as it is compared: small letters without accents, each blank one blank. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");
}

/** Count how often words stand in a text, without overlap. */
export function countIn(text: string, wanted: string): number {
  return wanted ? text.split(wanted).length - 1 : 0;
}

export class Search {
  hits: Hit[] = [];
  wanted = "";
  private readonly texts = new Map<number, string>();
  private turn = 0;

  constructor(private readonly book: PDFDocumentProxy) {}

  /** Find words in the whole book; null if another search began meanwhile. */
  async find(words: string): Promise<Hit[] | null> {
    const turn = ++this.turn;
    this.wanted = fold(words.trim());
    this.hits = [];
    for (let page = 1; this.wanted && page <= this.book.numPages && this.hits.length < MOST; page++) {
      const text = await this.textOf(page);
      if (turn !== this.turn) return null;
      for (let at = 0; at < countIn(text, this.wanted); at++) this.hits.push({ page, at });
    }
    return this.hits;
  }

  private async textOf(number: number): Promise<string> {
    let text = this.texts.get(number);
    if (text === undefined) {
      const page = await this.book.getPage(number);
      const content = await page.getTextContent();
      text = fold(content.items.map((item) => ("str" in item ? item.str : "")).join(" "));
      this.texts.set(number, text);
    }
    return text;
  }

  /** Mark what was found on a page's text layer; spans that hold the words, or a part of them. */
  mark(layers: Iterable<HTMLElement>): void {
    if (!("highlights" in CSS)) return;
    const ranges: Range[] = [];
    for (const layer of layers) {
      for (const span of this.wanted ? layer.querySelectorAll("span") : []) {
        const node = span.firstChild;
        if (!(node instanceof Text)) continue;
        const plain = fold(node.data);
        if (plain.length !== node.data.length) {
          if (plain.includes(this.wanted)) ranges.push(rangeOf(node, 0, node.data.length));
          continue;
        }
        for (let at = plain.indexOf(this.wanted); at >= 0; at = plain.indexOf(this.wanted, at + this.wanted.length)) {
          ranges.push(rangeOf(node, at, at + this.wanted.length));
        }
      }
    }
    CSS.highlights.set(NAME, new Highlight(...ranges));
  }

  close(): void {
    this.turn += 1;
    if ("highlights" in CSS) CSS.highlights.delete(NAME);
  }
}

function rangeOf(node: Text, from: number, to: number): Range {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return range;
}
