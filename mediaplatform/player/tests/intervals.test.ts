import { describe, expect, it } from "vitest";
import { Listened, union } from "../src/playback/intervals";

describe("union", () => {
  it("joins what overlaps or touches, in order", () => {
    expect(union([[10, 12], [0, 3], [2, 5], [5.02, 6]])).toEqual([[0, 6], [10, 12]]);
  });
  it("drops what is empty or runs backwards", () => {
    expect(union([[3, 3], [5, 4]])).toEqual([]);
  });
  it("counts nothing twice", () => {
    expect(union([[0, 10], [2, 4], [0, 10]])).toEqual([[0, 10]]);
  });
});

describe("Listened", () => {
  it("hears what plays at its rate", () => {
    const heard = new Listened();
    for (let second = 0; second <= 8; second += 1) heard.advance(second * 1.5, second, 1.5);
    expect(heard.take()).toEqual([[0, 12]]);
  });
  it("does not hear a jump forward, nor one back", () => {
    const heard = new Listened();
    for (const [position, at] of [[0, 0], [1, 1], [60, 1.2], [61, 2.2], [10, 2.4], [11, 3.4]] as const) heard.advance(position, at, 1);
    expect(heard.take()).toEqual([[0, 1], [10, 11], [60, 61]]);
  });
  it("begins anew after an interruption", () => {
    const heard = new Listened();
    heard.advance(0, 0, 1);
    heard.advance(1, 1, 1);
    heard.interrupt();
    heard.advance(1.4, 9, 1);
    heard.advance(2, 10, 1);
    expect(heard.take()).toEqual([[0, 1], [1.4, 2]]);
  });
  it("forgets what was taken", () => {
    const heard = new Listened();
    heard.advance(0, 0, 1);
    heard.advance(1, 1, 1);
    heard.take();
    expect(heard.take()).toEqual([]);
  });
});
