// Books in PDF: pdf.js draws the pages. Nothing in a document runs: no scripts, no forms, no links to the outside.
import { GlobalWorkerOptions, PDFDataRangeTransport, getDocument } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { element, iconButton } from "../dom";
import type { Session } from "../playback/session";
import { words } from "../words";
import { Attention } from "./attention";
import { contents } from "./epub";
import { addressOf, fetchFile } from "./files";
import { fullButton, showWhole } from "./full";
import type { Close } from "./open";
import { Pages } from "./pdf_pages";
import { type Hit, Search } from "./pdf_search";
import { Place } from "./place";
import { bindSwipe } from "./touch";
import { type Manifest, tocItem } from "./web_book";

const IDLE_AFTER_S = 180;
const CHUNK = 256 * 1024;

/** Fetches pieces of a document under the newest token. */
class Ranges extends PDFDataRangeTransport {
  constructor(
    private readonly session: Session,
    private readonly href: string,
    length: number,
  ) {
    super(length, null);
  }

  override requestDataRange(begin: number, end: number): void {
    void fetchFile(this.session, this.href, { Range: `bytes=${begin}-${end - 1}` })
      .then((answer) => answer.arrayBuffer())
      .then((bytes) => this.onDataRange(begin, new Uint8Array(bytes)))
      .catch(() => this.abort());
  }
}

/** Open a PDF in its shell, where it was left in this browser. */
export async function mountPdf(shell: HTMLElement, session: Session, manifest: Manifest): Promise<Close> {
  const file = manifest.readingOrder[0];
  if (!file) throw new Error("a PDF without a file");
  GlobalWorkerOptions.workerSrc = new URL(/* @vite-ignore */ workerUrl, import.meta.url).href;
  const beside = (folder: string) => new URL(/* @vite-ignore */ `../pdf/${folder}/`, import.meta.url).href;
  const loading = getDocument({
    ...(file.size ? { range: new Ranges(session, file.href, file.size) } : { url: addressOf(session, file.href) }),
    rangeChunkSize: CHUNK,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    cMapUrl: beside("cmaps"),
    cMapPacked: true,
    standardFontDataUrl: beside("standard_fonts"),
    wasmUrl: beside("wasm"),
  });
  const book = await loading.promise;
  const attention = new Attention(session, IDLE_AFTER_S);
  const place = new Place(session);
  const closed = new AbortController();
  const search = new Search(book);
  const number = element("input", { class: "pdf__number", type: "text", inputmode: "numeric", "aria-label": words("page-number") });
  const pages = new Pages(book, turned, () => search.mark(pages.texts));
  function turned(page: number): void {
    if (document.activeElement !== number) number.value = String(page);
    place.remember(String(page));
    attention.act();
  }
  number.addEventListener("change", () => pages.goTo(Number(number.value) || 1));
  const step = (by: number) => pages.goTo(pages.current + by);
  const finder = find(search, pages);
  const tools = element(
    "div",
    { class: "book__tools" },
    contents(manifest.toc.map(tocItem), (href) => pages.goTo(Number(href.split("page=")[1]) || 1)),
    element("div", { class: "pdf__turn" }, iconButton("chevron-up", words("previous-page"), () => step(-1)), number, element("span", {}, `/ ${book.numPages}`), iconButton("chevron-down", words("next-page"), () => step(1))),
    element("div", { class: "book__size", role: "group", "aria-label": words("zoom") }, iconButton("zoom-out", words("zoom-out"), () => pages.zoom(-1)), iconButton("zoom-in", words("zoom-in"), () => pages.zoom(1)), iconButton("move-horizontal", words("zoom-fit"), () => pages.fit())),
    ...fullButton(shell),
    finder.root,
  );
  shell.replaceChildren(tools, pages.root);
  bindKeys(pages, step, finder.focus, closed.signal);
  bindSwipe(pages.root, (to) => pages.isWhole && step(to === "left" ? 1 : -1));
  for (const name of ["pointermove", "keydown", "wheel", "touchstart"]) shell.addEventListener(name, () => attention.act(), { passive: true });
  await pages.open(Number(place.recall() ?? 1) || 1);
  turned(pages.current);
  shell.dataset["state"] = "playing";
  showWhole(shell);
  return () => {
    closed.abort();
    attention.close();
    pages.close();
    search.close();
    void loading.destroy();
    session.close();
  };
}

/** The field that finds words, with what it found and the way from one to the next. */
function find(search: Search, pages: Pages): { root: HTMLElement; focus: () => void } {
  const field = element("input", { type: "search", class: "pdf__find", placeholder: words("find"), "aria-label": words("find") });
  const said = element("output", { class: "pdf__found" });
  let at = -1;
  const show = (hits: Hit[]) => {
    const hit = hits[at];
    said.textContent = field.value ? (hit ? words("found", { at: at + 1, total: hits.length }) : words("found-none")) : "";
    if (!hit) return;
    pages.goTo(hit.page);
    search.mark(pages.texts);
    window.setTimeout(() => pages.reveal(hit.page, hit.at), 250); // the page may have to be drawn first
  };
  const go = async (by: number) => {
    const { hits } = search;
    const hasChanged = field.dataset["asked"] !== field.value;
    const found = hasChanged ? await search.find(field.value) : hits;
    if (!found) return;
    field.dataset["asked"] = field.value;
    const first = found.findIndex((hit) => hit.page >= pages.current);
    at = hasChanged ? Math.max(0, first) : (at + by + found.length) % (found.length || 1);
    search.mark(pages.texts);
    show(found);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void go(event.shiftKey ? -1 : 1);
  });
  field.addEventListener("search", () => void go(1));
  const root = element("div", { class: "pdf__search", role: "search" }, field, iconButton("chevron-left", words("find-previous"), () => void go(-1)), iconButton("chevron-right", words("find-next"), () => void go(1)), said);
  return { root, focus: () => field.focus() };
}

function bindKeys(pages: Pages, step: (by: number) => void, focus: () => void, signal: AbortSignal): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    PageUp: () => step(-1),
    PageDown: () => step(1),
    Home: () => pages.goTo(1),
    End: () => pages.goTo(Number.MAX_SAFE_INTEGER),
    "+": () => pages.zoom(1),
    "-": () => pages.zoom(-1),
    "0": () => pages.fit(),
    "/": focus,
  };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, select, textarea, [role=slider]")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
    { signal },
  );
}
