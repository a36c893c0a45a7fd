"use strict";
// Rigoles: turn the channels until water from the spring reaches every plant.
// A garden is a random tree over a grid, so there is always a way; its leaves are the plants.

const NORTH = 1, EAST = 2, SOUTH = 4, WEST = 8;
const STEPS = [[NORTH, 0, -1], [EAST, 1, 0], [SOUTH, 0, 1], [WEST, -1, 0]];
const ENDS = { [NORTH]: "50 0", [EAST]: "100 50", [SOUTH]: "50 100", [WEST]: "0 50" };
const SIZES = [[3, 3], [4, 3], [4, 4], [5, 4], [5, 5], [6, 5], [6, 6], [7, 6]];
const SVG = "http://www.w3.org/2000/svg";

const WORDS = {
  fr: {
    rule: "Tournez les rigoles pour amener l’eau à toutes les plantes.",
    garden: "Jardin", again: "Recommencer", next: "Jardin suivant", done: "Tout le jardin est arrosé.",
    left: (n) => (n === 1 ? "Une plante a encore soif." : `${n} plantes ont encore soif.`),
    tile: { spring: "source", plant: "plante", channel: "rigole" }, wet: "arrosée", dry: "à sec",
  },
  en: {
    rule: "Turn the channels to bring water to every plant.",
    garden: "Garden", again: "Start again", next: "Next garden", done: "The whole garden is watered.",
    left: (n) => (n === 1 ? "One plant is still thirsty." : `${n} plants are still thirsty.`),
    tile: { spring: "spring", plant: "plant", channel: "channel" }, wet: "wet", dry: "dry",
  },
};
const language = navigator.language.startsWith("fr") ? "fr" : "en";
const words = WORDS[language];
document.documentElement.lang = language;

const opposite = (side) => (side <= EAST ? side << 2 : side >> 2);
const turned = (sides, quarters) => ((sides << quarters) | (sides >> (4 - quarters))) & 15;
const $ = (id) => document.getElementById(id);

// A small generator with a seed (mulberry32's shape): garden 5 is the same garden for everyone.
function chance(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function plan(number) {
  const [columns, rows] = SIZES[Math.min(number - 1, SIZES.length - 1)];
  const random = chance(number);
  const tiles = Array.from({ length: columns * rows }, () => ({ sides: 0, turns: 0 }));
  const source = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
  const reached = new Set([source]);
  while (reached.size < tiles.length) {
    const from = [...reached][Math.floor(random() * reached.size)];
    const [side, dx, dy] = STEPS[Math.floor(random() * 4)];
    const [x, y] = [(from % columns) + dx, Math.floor(from / columns) + dy];
    const to = y * columns + x;
    const crowded = tiles[from].sides.toString(2).replaceAll("0", "").length >= 3;
    if (x < 0 || y < 0 || x >= columns || y >= rows || reached.has(to) || crowded) continue;
    tiles[from].sides |= side;
    tiles[to].sides |= opposite(side);
    reached.add(to);
  }
  tiles.forEach((tile, index) => {
    tile.kind = index === source ? "spring" : [1, 2, 4, 8].includes(tile.sides) ? "plant" : "channel";
    tile.turns = 1 + Math.floor(random() * 3);
  });
  return { number, columns, rows, tiles, source };
}

// Distance from the spring in tiles for each tile that water reaches.
function flow({ columns, rows, tiles, source }) {
  const depth = new Map([[source, 0]]);
  const queue = [source];
  for (const from of queue) {
    const sides = turned(tiles[from].sides, tiles[from].turns % 4);
    for (const [side, dx, dy] of STEPS) {
      const [x, y] = [(from % columns) + dx, Math.floor(from / columns) + dy];
      const to = y * columns + x;
      if (!(sides & side) || x < 0 || y < 0 || x >= columns || y >= rows || depth.has(to)) continue;
      if (!(turned(tiles[to].sides, tiles[to].turns % 4) & opposite(side))) continue;
      depth.set(to, depth.get(from) + 1);
      queue.push(to);
    }
  }
  return depth;
}

function shape(parent, name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

function drawTile(tile, index, columns) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = ((index % columns) + Math.floor(index / columns)) % 2 ? "tile odd" : "tile";
  button.dataset.index = index;
  button.setAttribute("role", "gridcell");
  button.tabIndex = index === 0 ? 0 : -1;
  const picture = shape(button, "svg", { viewBox: "0 0 100 100", "aria-hidden": "true" });
  const group = shape(picture, "g", { class: "turning" });
  for (const [side, end] of Object.entries(ENDS)) {
    if (tile.sides & side) shape(group, "path", { class: "channel", d: `M50 50 L${end}` });
  }
  shape(group, "circle", { class: "pool", cx: 50, cy: 50, r: 12 });
  if (tile.kind === "plant") {
    shape(picture, "circle", { class: "earth", cx: 50, cy: 50, r: 27 });
    for (let k = 0; k < 6; k += 1) {
      const angle = (k * Math.PI) / 3;
      shape(picture, "circle", { class: "leaf", cx: 50 + 14 * Math.cos(angle), cy: 50 + 14 * Math.sin(angle), r: 11 });
    }
    shape(picture, "circle", { class: "flower", cx: 50, cy: 50, r: 8 });
  }
  if (tile.kind === "spring") {
    shape(picture, "circle", { class: "rim", cx: 50, cy: 50, r: 28 });
    shape(picture, "circle", { class: "spring", cx: 50, cy: 50, r: 19 });
  }
  return button;
}

let garden;

function show() {
  const depth = flow(garden);
  let thirsty = 0;
  document.querySelectorAll(".tile").forEach((button, index) => {
    const tile = garden.tiles[index];
    const wet = depth.has(index);
    if (tile.kind === "plant" && !wet) thirsty += 1;
    button.classList.toggle("wet", wet);
    button.style.setProperty("--wait", `${(depth.get(index) ?? 0) * 60}ms`);
    button.querySelector(".turning").style.setProperty("--turn", `${tile.turns * 90}deg`);
    button.setAttribute("aria-label", `${words.tile[tile.kind]}, ${wet ? words.wet : words.dry}`);
  });
  $("news").textContent = thirsty ? words.left(thirsty) : words.done;
  $("next").hidden = thirsty > 0;
}

function open(number) {
  garden = plan(number);
  const board = $("board");
  board.style.setProperty("--columns", garden.columns);
  board.style.setProperty("--rows", garden.rows);
  const buttons = garden.tiles.map((tile, index) => drawTile(tile, index, garden.columns));
  board.replaceChildren(...Array.from({ length: garden.rows }, (_, row) => {
    const line = document.createElement("div");
    line.setAttribute("role", "row");
    line.append(...buttons.slice(row * garden.columns, (row + 1) * garden.columns));
    return line;
  }));
  $("garden").textContent = `${words.garden} ${number}`;
  show();
}

function focusTile(index) {
  const tiles = document.querySelectorAll(".tile");
  tiles.forEach((tile) => { tile.tabIndex = -1; });
  tiles[index].tabIndex = 0;
  tiles[index].focus();
}

$("board").addEventListener("click", (event) => {
  const button = event.target.closest(".tile");
  if (!button) return;
  garden.tiles[Number(button.dataset.index)].turns += 1;
  show();
});

$("board").addEventListener("keydown", (event) => {
  const button = event.target.closest(".tile");
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!button || !step) return;
  event.preventDefault();
  const index = Number(button.dataset.index);
  const [x, y] = [(index % garden.columns) + step[0], Math.floor(index / garden.columns) + step[1]];
  if (x >= 0 && y >= 0 && x < garden.columns && y < garden.rows) focusTile(y * garden.columns + x);
});

$("again").addEventListener("click", () => open(garden.number));
$("next").addEventListener("click", () => { open(garden.number + 1); focusTile(0); });
$("rule").textContent = words.rule;
$("again").textContent = words.again;
$("next").textContent = words.next;
open(1);
