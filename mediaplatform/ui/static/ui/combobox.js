// A search field that suggests while one types: the ARIA 1.2 combobox with a list box. Without this script it is a plain field.
// A field says data-suggest (address of the options, as <li role="option" data-url>), and its words in data-suggest-*.

const WAIT_MS = 120;
const boxes = new WeakMap();

class Combobox {
  constructor(input) {
    this.input = input;
    this.asked = "";
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${input.id}-suggestions`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    this.said = document.createElement("span");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    input.form.append(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    // The field keeps the focus while a suggestion is pressed.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(option);
    });
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get active() { return this.list.querySelector("[aria-selected=true]"); }
  get isOpen() { return !this.list.hidden; }

  type() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    if (!query) { this.asked = ""; this.close(); return; }
    this.timer = setTimeout(() => this.ask(query), WAIT_MS);
  }

  async ask(query) {
    if (query === this.asked) { this.open(); return; }
    this.asked = query;
    this.request?.abort();
    this.request = new AbortController();
    try {
      const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q: query })}`;
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "text/html" } });
      // Led elsewhere: the visit is over. The search itself will say so.
      if (!answer.ok || answer.redirected) { this.close(); return; }
      this.list.innerHTML = await answer.text();
    } catch (problem) {
      if (problem.name !== "AbortError") this.close();
      return;
    }
    this.mark(null);
    if (document.activeElement === this.input) this.open();
  }

  open() {
    const number = this.options.length;
    if (!number) { this.close(); return; }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const words = number === 1 ? this.input.dataset.suggestOne : this.input.dataset.suggestMany;
    this.said.textContent = words.replace("#", number);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.asked = "";
    this.list.hidden = true;
    this.said.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.mark(null);
  }

  mark(option) {
    this.active?.setAttribute("aria-selected", "false");
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  // Down from the last and up from the first lead back to what was typed.
  move(step) {
    const places = [null, ...this.options];
    const at = places.indexOf(this.active ?? null);
    this.mark(places[(at + step + places.length) % places.length]);
  }

  // By a link, so that the page changes as by every other link and the player goes on.
  go(option) {
    const link = document.createElement("a");
    link.href = option.dataset.url;
    link.hidden = true;
    this.input.form.append(link);
    window.htmx?.process(link);
    this.close();
    link.click();
    link.remove();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.type();
    } else if (event.key === "Enter") {
      if (this.isOpen && this.active) { event.preventDefault(); this.go(this.active); } else this.close();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault(); // the second Escape empties the field
      this.close();
    } else if (event.key === "Tab") this.close();
  }
}

function find(event) {
  const input = event.target.closest?.("input[data-suggest]");
  if (!input) return null;
  if (!boxes.has(input)) boxes.set(input, new Combobox(input));
  return boxes.get(input);
}

// Before the field has the focus, so that a screen reader says what it is when it comes there.
function prepare() {
  for (const input of document.querySelectorAll("input[data-suggest]")) find({ target: input });
}

prepare();
document.addEventListener("htmx:load", prepare);
document.addEventListener("focusin", find);
document.addEventListener("input", (event) => find(event)?.type());
document.addEventListener("keydown", (event) => find(event)?.key(event));
document.addEventListener("focusout", (event) => find(event)?.close());

// A part of the page was replaced and what had the focus went with it: go on at what the part now says.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted || document.activeElement !== document.body) return;
  event.detail.elt?.querySelector?.("[role=status][tabindex]")?.focus({ preventScroll: true });
});
