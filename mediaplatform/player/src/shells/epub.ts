// Books in EPUB: foliate-js shows the pages; type, colour and place are the reader's.
import { element, iconButton } from "../dom";
import type { Session } from "../playback/session";
import { words } from "../words";
import { Attention } from "./attention";
import { COLOURS, type Colour, FACES, type Face, type Look, SIZES, keepLook, readLook, sheetOf } from "./book_look";
import { adoptStyles } from "./closed_styles";
import { fullButton, showWhole } from "./full";
import type { Close } from "./open";
import { Place } from "./place";
import { edgeOf } from "./touch";
import { type Manifest, openBook } from "./web_book";
import type { Relocation, TocItem } from "foliate-js/view.js";

const IDLE_AFTER_S = 180; // a page is not read longer without turning it
const TURNS: Record<string, "goLeft" | "goRight"> = { ArrowLeft: "goLeft", PageUp: "goLeft", ArrowRight: "goRight", PageDown: "goRight" };

/** Open a book in its shell, where it was left in this browser. */
export async function mountEpub(shell: HTMLElement, session: Session, manifest: Manifest): Promise<Close> {
  if (!customElements.get("foliate-view")) adoptStyles();
  const { View } = await import("foliate-js/view.js");
  const book = openBook(session, manifest);
  const view = new View();
  view.classList.add("book__pages");
  const place = new Place(session);
  const attention = new Attention(session, IDLE_AFTER_S);
  const progress = element("output", { class: "book__progress" });
  const look = readLook(matchMedia("(prefers-color-scheme: dark)").matches || document.documentElement.dataset["theme"] === "dark");
  const apply = () => {
    shell.dataset["colour"] = look.colour;
    keepLook(look);
    view.renderer.setStyles(sheetOf(look, new URL(/* @vite-ignore */ "../fonts/", import.meta.url).href));
  };
  const turn = (direction: "goLeft" | "goRight") => {
    attention.act();
    void view[direction]();
  };
  view.addEventListener("relocate", (event) => {
    const { fraction, cfi } = (event as CustomEvent<Relocation>).detail;
    progress.textContent = words("reading-progress", { percent: Math.round((fraction || 0) * 100) });
    place.remember(cfi);
    attention.act();
  });
  view.addEventListener("load", (event) => {
    const { doc } = (event as CustomEvent<{ doc: Document }>).detail;
    bindKeys(doc, turn, () => attention.act());
    bindTaps(doc, view, turn);
  });
  const closed = new AbortController();
  bindKeys(document, turn, () => attention.act(), closed.signal);
  const previous = iconButton("chevron-left", words("previous-page"), () => turn("goLeft"), "round book__turn");
  const next = iconButton("chevron-right", words("next-page"), () => turn("goRight"), "round book__turn");
  const tools = element("div", { class: "book__tools" }, contents(book.toc, (href) => void view.goTo(href)), ...looks(look, apply), ...fullButton(shell), progress);
  shell.replaceChildren(tools, element("div", { class: "book__leaf" }, previous, view, next));
  await view.open(book);
  if (matchMedia("(max-width: 40rem)").matches) view.renderer.setAttribute("margin", "24px");
  apply();
  await view.init({ lastLocation: place.recall(), showTextStart: true });
  shell.dataset["state"] = "playing";
  showWhole(shell);
  return () => {
    closed.abort();
    attention.close();
    view.close();
    session.close();
  };
}

/** Turn pages by keys on a document, but for those that a field of it needs itself, until `signal`. */
function bindKeys(target: Document, turn: (direction: "goLeft" | "goRight") => void, act: () => void, signal?: AbortSignal): void {
  const until = signal ? { signal } : {};
  target.addEventListener(
    "keydown",
    (event) => {
      if ((event.target as Element).closest("input, select, textarea, [role=slider]")) return;
      const direction = TURNS[event.key];
      if (!direction) return;
      event.preventDefault();
      turn(direction);
    },
    until,
  );
  for (const name of ["pointermove", "keydown", "wheel", "touchstart"]) target.addEventListener(name, act, { passive: true, ...until });
}

/** Turn pages by taps at the edges, of fingers alone: a mouse has buttons to press, and text to choose. */
function bindTaps(doc: Document, view: HTMLElement, turn: (direction: "goLeft" | "goRight") => void): void {
  doc.addEventListener("click", (event) => {
    const isFinger = event.pointerType === "touch";
    if (!isFinger || (event.target as Element).closest("a, button, input, audio, video") || !doc.getSelection()?.isCollapsed) return;
    const frame = doc.defaultView?.frameElement?.getBoundingClientRect(); // as wide as the chapter is long
    const side = edgeOf(event.clientX + (frame?.left ?? 0), view.getBoundingClientRect());
    // The pages first come to rest after the touch: turned in the same moment, they would go two on and stay stuck.
    if (side) requestAnimationFrame(() => requestAnimationFrame(() => turn(side === "left" ? "goLeft" : "goRight")));
  });
}

export function contents(toc: TocItem[], go: (href: string) => void): HTMLElement {
  const list = (items: TocItem[]): HTMLElement =>
    element(
      "ol",
      { class: "plain" },
      ...items.map((item) => {
        const button = element("button", { type: "button", class: "book__entry", disabled: !item.href }, item.label);
        button.addEventListener("click", () => {
          details.open = false;
          go(item.href);
        });
        return element("li", {}, button, ...(item.subitems?.length ? [list(item.subitems)] : []));
      }),
    );
  const details = element("details", { class: "menu book__contents", hidden: !toc.length }, element("summary", {}, words("contents")));
  details.append(element("div", { class: "menu__list" }, list(toc)));
  return details;
}

function looks(look: Look, apply: () => void): HTMLElement[] {
  const size = (by: number) => {
    look.size = Math.min(SIZES.most, Math.max(SIZES.least, look.size + by));
    apply();
  };
  const choose = <Value extends string>(label: string, values: Value[], value: Value, name: (one: Value) => string, set: (one: Value) => void) => {
    const select = element("select", {}, ...values.map((one) => element("option", { value: one, selected: one === value }, words(name(one)))));
    select.addEventListener("change", () => {
      set(select.value as Value);
      apply();
    });
    return element("label", { class: "film__choice" }, element("span", {}, label), select);
  };
  return [
    element("div", { class: "book__size", role: "group", "aria-label": words("text-size") }, iconButton("minus", words("smaller"), () => size(-SIZES.step)), iconButton("plus", words("larger"), () => size(SIZES.step))),
    choose<Face>(words("face"), FACES, look.face, (one) => `face-${one}`, (one) => (look.face = one)),
    choose<Colour>(words("page-colour"), COLOURS, look.colour, (one) => `colour-${one}`, (one) => (look.colour = one)),
  ];
}
