// The reader's library writes <style> into its closed roots, which the content security policy rightly ignores.
// The same rules go in as constructed sheets, which scripts of our own may make.

/** Let every shadow root that a custom element `foliate-*` attaches from now on carry its styles. */
export function adoptStyles(): void {
  const attach = Object.getOwnPropertyDescriptor(Element.prototype, "attachShadow")?.value as Element["attachShadow"];
  Element.prototype.attachShadow = function (this: Element, init: ShadowRootInit): ShadowRoot {
    const root = attach.call(this, init);
    if (this.localName.startsWith("foliate-")) queueMicrotask(() => construct(root));
    return root;
  };
}

function construct(root: ShadowRoot): void {
  for (const style of root.querySelectorAll("style")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    root.adoptedStyleSheets.push(sheet);
  }
}
