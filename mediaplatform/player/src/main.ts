// Binds the player to the pages: the bar that stays, and the shells of the page that is open.
import { Bar } from "./bar/bar";
import { bindPage } from "./bar/page";
import { outbox } from "./playback/outbox";
import { openShell } from "./shells/open";

const root = document.getElementById("player");
if (root) {
  const bar = new Bar(root);
  bindPage(bar);
  openShell(bar);
  document.addEventListener("htmx:afterSettle", () => openShell(bar));
  document.addEventListener("htmx:historyRestore", () => openShell(bar));
  outbox.collect(Date.now());
  addEventListener("online", () => void outbox.flush());
}
