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

/** The page of a new delivery brings its uploader along. */
function openUploads(): void {
  const uploader = document.getElementById("uploader");
  if (uploader) void import("./uploads/page").then((page) => page.openUploader(uploader));
}
openUploads();
document.addEventListener("htmx:afterSettle", openUploads);
