// A packaged book (Readium Web Publication Manifest) as the reader's library wants it.
import type { Session } from "../playback/session";
import type { Book, Section, TocItem } from "foliate-js/view.js";
import { addressOf, fetchFile } from "./files";

export interface Link {
  href: string;
  type: string;
  width?: number;
  height?: number;
  size?: number;
}
export interface Entry {
  title: string;
  href?: string;
  children?: Entry[];
}
export interface Manifest {
  metadata: { conformsTo?: string; title?: string; author?: string[]; language?: string[]; readingProgression?: "ltr" | "rtl"; numberOfPages?: number };
  readingOrder: Link[];
  toc: Entry[];
}

/** Fetch a session's manifest. Throws: TypeError or Error where it can't be had. */
export async function fetchManifest(session: Session): Promise<Manifest> {
  return (await (await fetchFile(session, "manifest.json")).json()) as Manifest;
}

/** Make the reader's book out of a session's manifest. */
export const openBook = (session: Session, manifest: Manifest): Book => makeBook(manifest, (href) => addressOf(session, href));

/** Make the reader's book out of a manifest; `address` gives a file's present URL. */
export function makeBook(manifest: Manifest, address: (href: string) => string): Book {
  const paths = manifest.readingOrder.map((link) => link.href);
  const parse = async (index: number) => {
    const answer = await fetch(address(paths[index] ?? ""));
    return new DOMParser().parseFromString(await answer.text(), "application/xhtml+xml");
  };
  const sections = paths.map((href, index): Section => ({
    id: href,
    size: 1000,
    linear: "yes",
    load: () => address(href),
    unload: () => undefined,
    createDocument: () => parse(index),
    resolveHref: (inner: string) => resolve(inner, href),
  }));
  return {
    metadata: manifest.metadata,
    dir: manifest.metadata.readingProgression ?? "ltr",
    sections,
    toc: manifest.toc.map(tocItem),
    rendition: {},
    isExternal: (href) => /^(?!blob|about)\w+:/i.test(href),
    resolveHref: (href) => {
      const [path, fragment] = split(href);
      const index = paths.indexOf(path);
      return index < 0 ? null : { index, anchor: (doc) => (fragment ? doc.getElementById(fragment) : 0) };
    },
    splitTOCHref: (href) => split(href),
    getTOCFragment: (doc, id) => doc.getElementById(id),
  };
}

export function tocItem(entry: Entry): TocItem {
  return { label: entry.title, href: entry.href ?? "", subitems: entry.children?.map(tocItem) ?? null };
}

const split = (href: string): [string, string] => {
  const [path = "", fragment = ""] = href.split("#");
  return [path, decodeURIComponent(fragment)];
};

/** Return a link's target inside the book, seen from one of its documents. */
export function resolve(href: string, from: string): string {
  if (/^\w+:/.test(href)) return href;
  return new URL(href, `book:///${from}`).href.replace(/^book:\/\/\//, "");
}
