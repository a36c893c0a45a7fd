// What somebody chose: files with their paths in the delivery's folder, from a drop or from a field.

export interface Chosen {
  path: string;
  file: File;
}

const LITTER = new Set([".ds_store", "thumbs.db", "desktop.ini", "__macosx"]);

/** Tell whether a path is of what a system leaves in folders and nobody delivers (as catalog.uploads.names). */
export function isLitter(path: string): boolean {
  const names = path.toLowerCase().split("/");
  return names.some((name) => LITTER.has(name)) || (names.at(-1) ?? "").startsWith("._");
}

/** Leave out litter, and the one folder that everything lies in: its content is the delivery. */
export function arrange<Item extends { path: string }>(items: readonly Item[]): Item[] {
  const kept = items.filter((item) => !isLitter(item.path));
  const tops = new Set(kept.map((item) => item.path.split("/", 1)[0]));
  const isWrapped = tops.size === 1 && kept.every((item) => item.path.includes("/"));
  const bare = isWrapped ? kept.map((item) => ({ ...item, path: item.path.slice(item.path.indexOf("/") + 1) })) : kept;
  return bare.map((item) => ({ ...item, path: item.path.normalize("NFC") })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Return the files of a field, of single ones or of a folder. */
export function fromField(field: HTMLInputElement): Chosen[] {
  return arrange([...(field.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Return what was dropped, folders with all that lies in them. Throws: DOMException for what can't be read. */
export async function fromDrop(transfer: DataTransfer): Promise<Chosen[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map(walk)); // entries must be taken before the first await
  return arrange(found.flat());
}

/** Entries are told apart by what they say: Chromium has no global name for their classes. */
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function walk(entry: FileSystemEntry): Promise<Chosen[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((done, failed) => entry.file(done, failed));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside: Chosen[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed)); // 100 at a time
    if (some.length === 0) return inside;
    for (const one of some) inside.push(...(await walk(one)));
  }
}
