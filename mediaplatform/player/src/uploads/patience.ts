// Trying again: sooner at first, later when it goes on failing, at once when the network is back.

const FIRST_S = 1;
const LONGEST_S = 30;

/** Return how long to wait before a further try, in seconds; `luck` in [0, 1) keeps browsers from coming all at once. */
export function waitBefore(failures: number, luck: number): number {
  const whole = Math.min(LONGEST_S, FIRST_S * 2 ** Math.max(0, failures - 1));
  return whole / 2 + (whole / 2) * luck;
}

/** Wait for some seconds, or until the browser says that the network is back. Throws: AbortError once `signal` aborts. */
export function wait(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const over = new AbortController();
    const timer = setTimeout(() => end(done), seconds * 1000);
    const end = (then: () => void) => {
      clearTimeout(timer);
      over.abort();
      then();
    };
    const stop = () => end(() => failed(new DOMException("paused", "AbortError")));
    window.addEventListener("online", () => end(done), { signal: over.signal });
    signal.addEventListener("abort", stop, { signal: over.signal });
    if (signal.aborted) stop();
  });
}
