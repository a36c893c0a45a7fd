// What we use of foliate-js, which ships no types.
declare module "foliate-js/view.js" {
  export interface Section {
    id: string;
    size: number;
    linear: "yes" | "no";
    load(): string;
    unload(): void;
    createDocument(): Promise<Document>;
    resolveHref(href: string): string;
  }
  export interface TocItem {
    label: string;
    href: string;
    subitems: TocItem[] | null;
  }
  export interface Target {
    index: number;
    anchor: (doc: Document) => Element | number | null;
  }
  export interface Book {
    metadata: object;
    dir: "ltr" | "rtl";
    sections: Section[];
    toc: TocItem[];
    rendition: object;
    isExternal(href: string): boolean;
    resolveHref(href: string): Target | null;
    splitTOCHref(href: string): [string, string];
    getTOCFragment(doc: Document, id: string): Element | null;
  }
  export interface Renderer extends HTMLElement {
    setStyles(css: string): void;
  }
  export interface Relocation {
    fraction?: number;
    tocItem?: TocItem;
    cfi: string;
  }
  export class View extends HTMLElement {
    renderer: Renderer;
    open(book: Book): Promise<void>;
    init(options: { lastLocation?: string | undefined; showTextStart?: boolean }): Promise<void>;
    goTo(target: string): Promise<void>;
    goLeft(): Promise<void>;
    goRight(): Promise<void>;
    close(): void;
  }
}
