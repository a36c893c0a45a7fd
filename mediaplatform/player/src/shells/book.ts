// A book opens as what it is: an EPUB, a PDF or a comic, by what its manifest conforms to.
import type { Session } from "../playback/session";
import type { Close } from "./open";
import { type Manifest, fetchManifest } from "./web_book";

type MountBook = (shell: HTMLElement, session: Session, manifest: Manifest) => Promise<Close> | Close;

const KINDS: Record<string, () => Promise<MountBook>> = {
  pdf: async () => (await import("./pdf")).mountPdf,
  divina: async () => (await import("./comic")).mountComic,
  epub: async () => (await import("./epub")).mountEpub,
};

/** Open a book in its shell, where it was left in this browser. */
export async function mountBook(shell: HTMLElement, session: Session): Promise<Close> {
  const manifest = await fetchManifest(session);
  const kind = manifest.metadata.conformsTo?.split("/").at(-1) ?? "epub";
  const mount = KINDS[kind] ?? KINDS["epub"];
  if (!mount) throw new Error(`no reader for ${kind}`);
  shell.dataset["book"] = kind;
  return (await mount())(shell, session, manifest);
}
