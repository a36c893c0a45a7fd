import { afterEach, describe, expect, it, vi } from "vitest";
import { arrange, isLitter } from "../src/uploads/chosen";
import { waitBefore } from "../src/uploads/patience";
import { sha256 } from "../src/uploads/steps";
import { percent, size } from "../src/uploads/view";
import { type Work, hasArrived, nextParts, sliceOf, workOf } from "../src/uploads/work";

const paths = (...given: string[]) => arrange(given.map((path) => ({ path }))).map((item) => item.path);
const remote = (part_count: number, parts: { number: number; sha256: string }[] = []) => ({
  id: 1, path: "a", size_bytes: 10, part_bytes: 4, part_count, is_complete: false, parts,
});
const work = (bytes: number): Work => workOf("a", new File(["x".repeat(bytes)], "a"), remote(Math.ceil(bytes / 4)));

describe("what was chosen", () => {
  it("leaves out the folder that everything lies in", () => expect(paths("Jardins/b.wav", "Jardins/a/c.wav")).toEqual(["a/c.wav", "b.wav"]));
  it("keeps folders that lie side by side", () => expect(paths("a/x", "b/y", "z")).toEqual(["a/x", "b/y", "z"]));
  it("keeps a file beside nothing", () => expect(paths("z.zip")).toEqual(["z.zip"]));
  it("leaves out what systems leave in folders", () => expect(paths("d/.DS_Store", "d/x", "__MACOSX/d/._x", "d/Thumbs.db")).toEqual(["x"]));
  it("composes accents", () => expect(paths("e\u0301.wav")).toEqual(["\u00e9.wav"]));
  it.each([["._a", true], ["a/desktop.ini", true], ["a._b", false]])("knows whether %s is litter", (path, is) => expect(isLitter(path)).toBe(is));
});

describe("parts", () => {
  it("cover the file", () => expect([1, 2, 3].map((number) => sliceOf(work(10), number).size)).toEqual([4, 4, 2]));
  it("are counted when they have arrived, once", () => {
    const one = work(10);
    hasArrived(one, 3);
    expect([one.todo, one.arrived]).toEqual([[1, 2], 2]);
  });
  it("leave a few at a time", () => {
    const works = [work(10), work(10), work(10)];
    const sizes = (most: { parts: number; bytes: number }) => nextParts(works, most).map(([, numbers]) => numbers.length);
    expect(sizes({ parts: 4, bytes: 99 })).toEqual([3, 1]);
    expect(sizes({ parts: 99, bytes: 8 })).toEqual([2]);
    expect(sizes({ parts: 99, bytes: 99 })).toEqual([3, 3, 3]);
  });
  it("are none of an empty file, which wants to be completed all the same", () => expect(nextParts([work(0)], { parts: 9, bytes: 9 })[0]?.[1]).toEqual([]));
  it("are not those of a file that has failed", () => expect(nextParts([{ ...work(9), state: "failed" }], { parts: 9, bytes: 9 })).toEqual([]));
});

it.each([[1, 0, 0.5], [1, 1, 1], [3, 0, 2], [4, 1, 8], [50, 1, 30]])("waits after %i failures with luck %f: %f s", (failures, luck, seconds) =>
  expect(waitBefore(failures, luck)).toBeCloseTo(seconds));

describe("what is shown", () => {
  it.each([[0, 10, false, 0], [999, 1000, false, 99], [1000, 1000, false, 99], [1000, 1000, true, 100], [0, 0, false, 0]])(
    "%i of %i bytes (%s) are %i per cent", (sent, total, isComplete, shown) => expect(percent(sent, total, isComplete)).toBe(shown));
  it.each([[0, "0 bytes"], [999, "999 bytes"], [1500, "2 kB"], [1_500_000, "1.5 MB"], [60_000_000_000, "60 GB"], [9e13, "90,000 GB"]])(
    "%i bytes are %s", (bytes, text) => expect(size(bytes, "en")).toBe(text));
});

describe("a part's digest", () => {
  afterEach(() => void vi.unstubAllGlobals());
  const bytes = new Blob(["Il pleut sur le pont.".repeat(9_000)]);
  it("is the same where a page without https has no Web Crypto", async () => {
    const secure = await sha256(bytes);
    vi.stubGlobal("crypto", {});
    expect(await sha256(bytes)).toBe(secure);
    expect(await sha256(new Blob([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
});
