// Elements in one expression; texts are texts, never markup.

type Attributes = Record<string, string | number | boolean | undefined>;

/** Make an element: `element("button", { class: "round", "aria-label": "Play" }, icon("play"))`. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an icon of the pages' sprite, hidden from screen readers. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon--${name}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${spriteUrl()}#${name}`);
  svg.append(use);
  return svg;
}

/** Put another icon and another name on a button. */
export function relabel(button: HTMLButtonElement, name: string, label: string): void {
  button.replaceChildren(icon(name));
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** Make a round button with an icon; `label` is read aloud and shown on hover. */
export function iconButton(name: string, label: string, act: () => void, kind = "round round--plain"): HTMLButtonElement {
  const button = element("button", { type: "button", class: kind });
  relabel(button, name, label);
  button.addEventListener("click", act);
  return button;
}

function spriteUrl(): string {
  return document.getElementById("player-strings")?.dataset["icons"] ?? "/static/player/icons.svg";
}
