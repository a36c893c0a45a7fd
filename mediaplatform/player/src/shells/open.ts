// Fills the shell of a film's, a book's or a game's page, and empties it when the page goes.
import type { Bar } from "../bar/bar";
import { element } from "../dom";
import { Problem } from "../playback/api";
import { Session } from "../playback/session";
import { words } from "../words";

/** What a shell leaves behind when its page goes. */
export type Close = () => void;
export type Mount = (shell: HTMLElement, session: Session) => Close | Promise<Close>;

const MOUNTS: Record<string, () => Promise<Mount>> = {
  video: async () => (await import("./video")).mountVideo,
  book: async () => (await import("./book")).mountBook,
  game: async () => (await import("./game")).mountGame,
};

let open: { shell: HTMLElement; close: Close | null } | null = null;

/** Open the shell that the page has, once. */
export function openShell(bar: Bar): void {
  if (open && !open.shell.isConnected) {
    open.close?.();
    open = null;
  }
  const shell = document.querySelector<HTMLElement>("[data-shell]");
  if (!shell || shell === open?.shell) return;
  bar.pause();
  const mine = (open = { shell, close: null as Close | null });
  fill(shell)
    .then((close) => (shell.isConnected ? (mine.close = close) : close()))
    .catch((error: unknown) => refuse(bar, shell, error));
}

async function fill(shell: HTMLElement): Promise<Close> {
  const mount = MOUNTS[shell.dataset["shell"] ?? ""];
  if (!mount) throw new Error(`no shell for ${shell.dataset["shell"] ?? "nothing"}`);
  const [act, session] = await Promise.all([mount(), Session.open(Number(shell.dataset["resource"]))]);
  return act(shell, session);
}

function refuse(bar: Bar, shell: HTMLElement, error: unknown): void {
  const text = error instanceof Problem && error.message ? error.message : words(error instanceof TypeError ? "error-network" : "error");
  const again = element("button", { type: "button", class: "button" }, words("retry"));
  again.addEventListener("click", () => {
    open = null;
    openShell(bar);
  });
  shell.replaceChildren(element("div", { class: "shell__fault", role: "alert" }, element("p", {}, text), again));
}
