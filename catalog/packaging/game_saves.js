// Put before a game's own scripts by the platform. The game runs where the browser closes its storage; this gives it
// one that the platform keeps: what was kept stands in the frame's name, each change is told to the page around it.
(() => {
  "use strict";
  const QUOTA = 512 * 1024;
  const kept = (() => {
    try {
      return JSON.parse(window.name).mediaplatform ?? {};
    } catch {
      return {};
    }
  })();
  const storage = (first, tell) => {
    const items = new Map(Object.entries(first));
    const size = () => [...items].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    const methods = {
      getItem: (key) => items.get(String(key)) ?? null,
      setItem: (key, value) => {
        const [name, text] = [String(key), String(value)];
        const before = items.get(name) ?? "";
        if (size() - before.length + text.length + (items.has(name) ? 0 : name.length) > QUOTA) {
          throw new DOMException("The game keeps more than it may.", "QuotaExceededError");
        }
        items.set(name, text);
        tell({ type: "mediaplatform:save", key: name, value: text });
      },
      removeItem: (key) => {
        items.delete(String(key));
        tell({ type: "mediaplatform:remove", key: String(key) });
      },
      clear: () => {
        items.clear();
        tell({ type: "mediaplatform:clear" });
      },
      key: (at) => [...items.keys()][at] ?? null,
    };
    return new Proxy(methods, {
      get: (target, name) => (name === "length" ? items.size : name in target ? target[name] : items.get(name)),
      set: (_target, name, value) => (methods.setItem(name, value), true),
      has: (target, name) => name in target || items.has(name),
      deleteProperty: (_target, name) => (methods.removeItem(name), true),
      ownKeys: () => [...items.keys()],
      getOwnPropertyDescriptor: (_target, name) =>
        items.has(name) ? { value: items.get(name), writable: true, enumerable: true, configurable: true } : undefined,
    });
  };
  const stores = {
    localStorage: storage(kept, (message) => parent.postMessage(message, "*")),
    sessionStorage: storage({}, () => undefined),
  };
  for (const [name, value] of Object.entries(stores)) {
    Object.defineProperty(window, name, { value, configurable: true });
  }
})();
