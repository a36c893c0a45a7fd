// How the reader wants the page: kept in this browser, for every book.

export type Face = "book" | "legible" | "dyslexic";
export type Colour = "paper" | "night";

export interface Look {
  size: number; // per cent
  face: Face;
  colour: Colour;
}

export const FACES: Face[] = ["book", "legible", "dyslexic"];
export const COLOURS: Colour[] = ["paper", "night"];
export const SIZES = { least: 80, most: 240, step: 20 };

const KEY = "mediaplatform.reading";
const PAGES: Record<Colour, [paper: string, ink: string, link: string]> = {
  paper: ["#fbf8f2", "#1c1916", "#7a2e1d"],
  night: ["#141210", "#e6dfd2", "#e0a58f"],
};
const FONTS: Record<Face, string> = { book: "", legible: "Legible", dyslexic: "Dyslexic" };

/** Read the kept look, or the one to begin with: night where the device is dark. */
export function readLook(isDark: boolean): Look {
  const first: Look = { size: 100, face: "book", colour: isDark ? "night" : "paper" };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>) };
  } catch {
    return first;
  }
}

/** Keep a look; a browser that keeps nothing forgets it with the page. */
export function keepLook(look: Look): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // Private windows may refuse.
  }
}

/** Write the style sheet of a look; `fonts` is where the faces are served. */
export function sheetOf(look: Look, fonts: string): string {
  const [paper, ink, link] = PAGES[look.colour];
  const face = FONTS[look.face] ? `* { font-family: "${FONTS[look.face]}", sans-serif !important; }` : "";
  return `
    @font-face { font-family: "Legible"; src: url("${fonts}atkinson-latin.woff2"); font-weight: 200 800; }
    @font-face { font-family: "Dyslexic"; src: url("${fonts}opendyslexic.woff2"); }
    @font-face { font-family: "Dyslexic"; src: url("${fonts}opendyslexic-bold.woff2"); font-weight: 700; }
    html { background: ${paper}; color: ${ink}; font-size: ${look.size}%; line-height: 1.6; }
    body { color: inherit; background: none; }
    a:any-link { color: ${link}; }
    p, li { hyphens: auto; orphans: 2; widows: 2; }
    img, svg, video { max-width: 100%; height: auto; }
    ${face}`;
}
