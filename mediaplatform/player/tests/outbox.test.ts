import { describe, expect, it, vi } from "vitest";
import { type Letter, Outbox, type Sent } from "../src/playback/outbox";

const NOW = Date.parse("2026-10-14T10:00:00Z");
const letter = (sequence: number, session = "a", at = NOW): Letter => ({
  session,
  url: `/m/${session}/heartbeat`,
  beat: { sequence, intervals: [[0, 1]], rate: 1, position_s: 1, event: "tick", client_at: new Date(at).toISOString() },
});

/** A browser's storage. */
class Shelf extends Map<string, string> {
  getItem = (key: string) => this.get(key) ?? null;
  setItem = (key: string, value: string) => void this.set(key, value);
  removeItem = (key: string) => void this.delete(key);
  key = (at: number) => [...this.keys()][at] ?? null;
  get length() {
    return this.size;
  }
}

/** A network that can be cut; it remembers what arrived. */
class Net {
  arrived: string[] = [];
  answer: Sent = "acknowledged";
  deliver = async ({ session, beat }: Letter): Promise<Sent> => {
    await Promise.resolve();
    if (this.answer !== "unreachable") this.arrived.push(`${session}${beat.sequence}`);
    return this.answer;
  };
}

const settled = () => vi.waitFor(() => Promise.resolve());

describe("Outbox", () => {
  it("sends in order and keeps nothing that was acknowledged", async () => {
    const [shelf, net] = [new Shelf(), new Net()];
    const outbox = new Outbox(shelf, net.deliver);
    [1, 2, 3].forEach((n) => outbox.post(letter(n)));
    await vi.waitFor(() => expect(net.arrived).toEqual(["a1", "a2", "a3"]));
    expect(shelf.size).toBe(0);
  });

  it("keeps what can't be sent, and sends it once the network is back", async () => {
    const [shelf, net] = [new Shelf(), new Net()];
    net.answer = "unreachable";
    const outbox = new Outbox(shelf, net.deliver);
    [1, 2].forEach((n) => outbox.post(letter(n)));
    await vi.waitFor(() => expect(shelf.size).toBe(2));
    net.answer = "acknowledged";
    await outbox.flush();
    expect(net.arrived).toEqual(["a1", "a2"]);
    expect(shelf.size).toBe(0);
  });

  it("leaves what it could not send to the next page, even of another tab", async () => {
    const [shelf, net] = [new Shelf(), new Net()];
    net.answer = "unreachable";
    const first = new Outbox(shelf, net.deliver);
    [10, 9].forEach((n) => first.post(letter(n)));
    first.post(letter(1, "b", NOW - 60_000));
    await vi.waitFor(() => expect(shelf.size).toBe(3));
    net.answer = "acknowledged";
    new Outbox(shelf, net.deliver).collect(NOW + 1000);
    await vi.waitFor(() => expect(net.arrived).toEqual(["b1", "a9", "a10"]));
    await vi.waitFor(() => expect(shelf.size).toBe(0));
  });

  it("forgets what is refused, and what is older than seven days", async () => {
    const [shelf, net] = [new Shelf(), new Net()];
    net.answer = "refused";
    new Outbox(shelf, net.deliver).post(letter(1));
    shelf.set("mediaplatform.beat.old.1", JSON.stringify(letter(1, "old", NOW - 8 * 86_400_000)));
    shelf.set("mediaplatform.beat.broken.1", "{");
    shelf.set("another", "thing");
    new Outbox(shelf, net.deliver).collect(NOW);
    await settled();
    expect(net.arrived).toEqual(["a1"]);
    expect([...shelf.keys()].sort()).toEqual(["another", "mediaplatform.beat.broken.1"]);
  });

  it("keeps five hundred, the newest", async () => {
    const [shelf, net] = [new Shelf(), new Net()];
    net.answer = "unreachable";
    const outbox = new Outbox(shelf, net.deliver);
    for (let n = 0; n < 510; n += 1) outbox.post(letter(n));
    await outbox.flush();
    await vi.waitFor(() => expect(shelf.size).toBe(500));
    expect(shelf.has("mediaplatform.beat.a.9")).toBe(false);
    expect(shelf.has("mediaplatform.beat.a.509")).toBe(true);
  });

  it("works where nothing can be kept", async () => {
    const net = new Net();
    new Outbox(null, net.deliver).post(letter(1));
    await vi.waitFor(() => expect(net.arrived).toEqual(["a1"]));
  });
});
