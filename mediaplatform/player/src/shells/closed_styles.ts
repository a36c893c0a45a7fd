// The reader's library writes <style> into its closed roots, which the content security policy rightly ignores.
// The same rules go in as constructed sheets, which scripts of our own may make.

/** Let every shadow root that a custom element `foliate-*` attaches from now on carry its styles. */
export function adoptStyles(): void {
  const attach = Object.getOwnPropertyDescriptor(Element.prototype, "attachShadow")?.value as Element["attachShadow"];
  Element.prototype.attachShadow = function (this: Element, init: ShadowRootInit): ShadowRoot {
    const root = attach.call(this, init);
    if (this.localName.startsWith("foliate-")) Object.defineProperty(root, "innerHTML", { set: (html: string) => fill(root, html) });
    return root;
  };
}

function fill(root: ShadowRoot, html: string): void {
  const rest = html.replace(/<style>(.*?)<\/style>/gs, (_all, rules: string) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    root.adoptedStyleSheets.push(sheet);
    return "";
  });
  const template = document.createElement("template");
  template.innerHTML = rest;
  root.replaceChildren(template.content);
}
