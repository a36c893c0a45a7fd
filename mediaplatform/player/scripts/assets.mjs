// Copies what pages need beside the player into dist/: fonts, htmx, and one sprite of the icons in use.
// Run by `npm run build`, after Vite, which empties dist/.
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const from = (...parts) => join(root, "node_modules", ...parts);
const to = (...parts) => join(root, "dist", ...parts);

const newsreader = (face) => from("@fontsource-variable", "newsreader", "files", `newsreader-${face}.woff2`);
const atkinson = (face) =>
  from("@fontsource-variable", "atkinson-hyperlegible-next", "files", `atkinson-hyperlegible-next-${face}.woff2`);
const dyslexic = (weight) => from("@fontsource", "opendyslexic", "files", `opendyslexic-latin-${weight}-normal.woff2`);

/** Name the files of a folder as they go into another, each to its source. */
async function folderOf(target, folder) {
  const names = await readdir(folder);
  return Object.fromEntries(names.map((name) => [`${target}/${name}`, join(folder, name)]));
}

const files = {
  "fonts/newsreader-latin.woff2": newsreader("latin-opsz-normal"),
  "fonts/newsreader-latin-ext.woff2": newsreader("latin-ext-opsz-normal"),
  "fonts/newsreader-latin-italic.woff2": newsreader("latin-wght-italic"),
  "fonts/atkinson-latin.woff2": atkinson("latin-wght-normal"),
  "fonts/atkinson-latin-ext.woff2": atkinson("latin-ext-wght-normal"),
  "fonts/opendyslexic.woff2": dyslexic("400"),
  "fonts/opendyslexic-bold.woff2": dyslexic("700"),
  ...(await folderOf("pdf/cmaps", from("pdfjs-dist", "cmaps"))),
  ...(await folderOf("pdf/standard_fonts", from("pdfjs-dist", "standard_fonts"))),
  ...(await folderOf("pdf/wasm", from("pdfjs-dist", "wasm"))),
  "vendor/htmx.min.js": from("htmx.org", "dist", "htmx.min.js"),
};

// Every icon that a template or the player may name; the gallery at /ui/ shows them.
const icons = `
  banknote building-2 circle-help coins eye-off flag hand-coins handshake history inbox landmark languages link list-checks package
  percent scale send tag wallet arrow-left arrow-right arrow-up-right book-open calendar captions chart-column check chevron-down chevron-left
  chevron-right chevron-up circle-alert circle-check clock download ellipsis euro eye file-text film gamepad-2 gauge
  globe heart house info key-round layout-dashboard library list list-music log-out map-pin maximize menu minimize minus
  moon music pause pencil play plus printer qr-code receipt refresh-cw repeat rotate-ccw rotate-cw search settings shield
  skip-back skip-forward sun table-of-contents timer trash-2 triangle-alert truck type upload user users volume-1 volume-2
  volume-x x sliders-horizontal lock smile zoom-in zoom-out move-horizontal
`.trim().split(/\s+/);

async function symbol(name) {
  const svg = await readFile(from("lucide-static", "icons", `${name}.svg`), "utf8");
  const shapes = svg.replace(/<!--.*?-->/gs, "").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
}

for (const [name, source] of Object.entries(files)) {
  await mkdir(dirname(to(name)), { recursive: true });
  await copyFile(source, to(name));
}
const symbols = await Promise.all(icons.map(symbol));
await writeFile(to("icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
