// Heartbeats that could not be sent stay in this tab until they can; nothing of them outlives it.

const KEY = "mediaplatform.heartbeats";

export interface Beat {
  sequence: number;
  intervals: [number, number][];
  rate: number;
  position_s: number;
  event: "start" | "tick" | "pause" | "seek" | "end" | "hide";
  client_at: string;
}

export interface Kept {
  url: string;
  beat: Beat;
}

export type Sent = "acknowledged" | "refused" | "unreachable";

/** Send one heartbeat; refused ones (the session is over, or too old) will never be taken and may be forgotten. */
export async function send({ url, beat }: Kept): Promise<Sent> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(beat),
      keepalive: true,
    });
    if (answer.ok) return "acknowledged";
    return answer.status >= 500 || answer.status === 429 ? "unreachable" : "refused";
  } catch {
    return "unreachable";
  }
}

/** Keep heartbeats for the next page or the next connection. */
export function keep(beats: Kept[]): void {
  try {
    const kept = [...read(), ...beats];
    if (kept.length) sessionStorage.setItem(KEY, JSON.stringify(kept.slice(-500)));
  } catch {
    // A browser that keeps nothing loses at most what it could not send.
  }
}

/** Send what an earlier page kept; what still can't be sent is kept again. */
export async function sendKept(): Promise<void> {
  const waiting = read();
  sessionStorage.removeItem(KEY);
  for (const [done, one] of waiting.entries()) {
    if ((await send(one)) === "unreachable") {
      keep(waiting.slice(done));
      return;
    }
  }
}

function read(): Kept[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Kept[];
  } catch {
    return [];
  }
}
