// Small comforts on pages that work without them: the theme without a reload, focus after navigation, menus that close.

const root = document.documentElement;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const body = new FormData(form, event.submitter);
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});

// A boosted page has arrived: the keyboard and the screen reader begin at its content, as after a full load.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted || event.target === document.body) {
    document.getElementById("main")?.focus({ preventScroll: true });
    showPlace();
  }
});

// On a narrow screen the console's places scroll sideways: the one where we are is brought into view.
function showPlace() {
  const here = document.querySelector(".console__nav [aria-current]");
  const list = here?.closest("ul");
  if (!list) return;
  const [place, view] = [here.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollLeft += place.left + place.width / 2 - (view.left + view.width / 2);
}

showPlace();

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A found entry is taken into a field of the form beside it, without leaving what was typed there.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-fill]");
  const field = choice && document.getElementById(choice.dataset.fill);
  if (!field) return;
  event.preventDefault();
  event.stopPropagation();
  field.value = choice.dataset.value;
  field.focus();
}, true);
