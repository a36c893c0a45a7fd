import { describe, expect, it } from "vitest";
import { Latency, spanOf, wait } from "../src/bar/joining";
import { gainFor } from "../src/bar/level";
import { Queue } from "../src/bar/queue";
import { clock } from "../src/clock";
import { sheetOf } from "../src/shells/book_look";
import { makeBook, resolve } from "../src/shells/web_book";

const item = (resource_id: number) => ({
  resource_id, title: `Track ${resource_id}`, artist: "", duration_s: 60, release_id: 1, release_title: "", release_url: "/", cover_url: "", medium: "music" as const,
});

it.each([[0, "0:00"], [65.4, "1:05"], [3725, "1:02:05"], [NaN, "0:00"]])("writes %s s as %s", (seconds, text) => expect(clock(seconds)).toBe(text));

describe("Queue", () => {
  it("stands on the resource that was asked for", () => {
    const queue = new Queue([item(4), item(5), item(6)]);
    expect(queue.select(5)?.resource_id).toBe(5);
    expect([queue.previous?.resource_id, queue.next?.resource_id]).toEqual([4, 6]);
  });
  it("begins at its first item, and ends after its last", () => {
    const queue = new Queue([item(4)]);
    expect(queue.select()?.resource_id).toBe(4);
    expect(queue.next).toBeNull();
  });
  it("has nothing to play when empty", () => expect(new Queue().select(3)).toBeNull());
});

describe("makeBook", () => {
  const book = makeBook(
    { metadata: {}, readingOrder: [{ href: "text/one.xhtml", type: "" }, { href: "text/two.xhtml", type: "" }], toc: [{ title: "Two", href: "text/two.xhtml#part", children: [{ title: "Inner" }] }] },
    (href) => `/m/token/${href}`,
  );
  it("serves each document under the present token", () => expect(book.sections[1]?.load()).toBe("/m/token/text/two.xhtml"));
  it("finds a link's document", () => expect(book.resolveHref("text/two.xhtml#part")?.index).toBe(1));
  it("finds no document outside the book", () => expect(book.resolveHref("text/three.xhtml")).toBeNull());
  it("keeps the order of the contents", () => expect(book.toc[0]?.subitems?.[0]?.label).toBe("Inner"));
  it("resolves links from where they stand", () => expect(resolve("../a.xhtml#x", "text/one.xhtml")).toBe("a.xhtml#x"));
});

it("leaves the book's own face alone unless another is chosen", () => {
  expect(sheetOf({ size: 120, face: "book", colour: "paper" }, "/fonts/")).not.toContain("!important");
  expect(sheetOf({ size: 120, face: "dyslexic", colour: "paper" }, "/fonts/")).toContain('"Dyslexic", sans-serif !important');
});

describe("joining tracks", () => {
  const gapless = { sample_rate: 44_100, delay: 1_024, samples: 441_000, padding: 344 };
  it("leaves the encoder's silence out", () => {
    const { start, end } = spanOf(gapless, 10.031);
    expect([start.toFixed(4), end.toFixed(4)]).toEqual(["0.0232", "10.0232"]);
  });
  it("takes all of a stream without numbers, and no more than there is", () => {
    expect(spanOf(null, 12)).toEqual({ start: 0, end: 12 });
    expect(spanOf(gapless, 9).end).toBe(9);
  });
  it("asks for the next track so much earlier as it takes to sound", () => {
    expect(wait(9.5, 10, 1, 40)).toBeCloseTo(460);
    expect(wait(9.5, 10, 2, 40)).toBeCloseTo(210);
  });
  it("learns how long that takes, and forgets what can't be", () => {
    const latency = new Latency();
    latency.learn(50);
    expect(latency.expected_ms).toBe(50);
    latency.learn(70);
    expect(latency.expected_ms).toBe(60);
    latency.learn(5_000);
    latency.learn(-1);
    expect(latency.expected_ms).toBe(60);
  });
});

describe("loudness", () => {
  const resource = { gain_db: -2, album_gain_db: -7 };
  const album = [item(1), item(2)];
  const mixed = [item(1), { ...item(2), release_id: 9 }];
  it.each([["album", album, -7], ["album", mixed, -2], ["track", album, -2], ["off", album, 0]] as const)("%s", (level, queue, decibels) =>
    expect(gainFor(level, resource, queue)).toBe(decibels),
  );
});
