import { describe, expect, it } from "vitest";
import { QUOTA, change } from "../src/shells/game_saves";
import { countIn, fold } from "../src/shells/pdf_search";
import { spreads } from "../src/shells/spreads";
import { cueAt, plain, readCues } from "../src/shells/vtt";

describe("captions", () => {
  const cues = readCues("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:01.000 --> 01:00:02.500 align:start\nUn <i>pont</i> &amp; une\nrue\n\n00:00:05.000 --> 00:00:06.000\n&lt;b&gt;\n");

  it("are read with their times", () => {
    expect(cues.map(({ start, end }) => [start, end])).toEqual([[1, 3602.5], [5, 6]]);
  });

  it("are plain words in a transcript", () => {
    expect(cues.map((cue) => plain(cue.text))).toEqual(["Un pont & une\nrue", "<b>"]);
  });

  it("are found by the moment", () => {
    expect([0, 1, 4.9, 5, 99].map((moment) => cueAt(cues, moment))).toEqual([-1, 0, 0, 1, 1]);
  });
});

describe("spreads", () => {
  const [tall, wide] = [{ width: 2, height: 3 }, { width: 4, height: 3 }];

  it("leave the cover and double pages alone", () => {
    expect(spreads([tall, tall, tall, wide, tall], true)).toEqual([[0], [1, 2], [3], [4]]);
    expect(spreads([tall, tall], false)).toEqual([[0], [1]]);
  });
});

describe("a game's saves", () => {
  it("are set, replaced, removed and cleared", () => {
    const one = change({}, { type: "mediaplatform:save", key: "level", value: "3" });
    expect(one).toEqual({ level: "3" });
    expect(change({ level: "3" }, { type: "mediaplatform:save", key: "level", value: "4" })).toEqual({ level: "4" });
    expect(change({ level: "3", name: "x" }, { type: "mediaplatform:remove", key: "level" })).toEqual({ name: "x" });
    expect(change({ level: "3" }, { type: "mediaplatform:clear" })).toEqual({});
  });

  it("stay as they are for anything else, or beyond the quota", () => {
    const bad = [null, "x", {}, { type: "mediaplatform:save", key: 1, value: "x" }, { type: "mediaplatform:save", key: "__proto__", value: "x" }, { type: "other", key: "a", value: "b" }];
    for (const asked of bad) expect(change({ a: "b" }, asked)).toBeNull();
    expect(change({}, { type: "mediaplatform:save", key: "a", value: "x".repeat(QUOTA) })).toBeNull();
    expect(change({}, { type: "mediaplatform:save", key: "a", value: "x".repeat(QUOTA - 1) })).not.toBeNull();
  });
});

describe("finding in a book", () => {
  it("looks past case, accents and line breaks", () => {
    expect(countIn(fold("Été\nà  l’ÉTÉ"), fold("été"))).toBe(2);
    expect(countIn("aaa", "")).toBe(0);
  });
});
