// The words of the page that is open, in its language (see strings.md).

/** Return the words under a name of strings.md, with `{name}` places filled in; the name itself if the page lacks it. */
export function words(name: string, places: Record<string, string | number> = {}): string {
  const key = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const text = document.getElementById("player-strings")?.dataset[key] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, place: string) => String(places[place] ?? whole));
}
