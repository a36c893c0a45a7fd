import { beforeEach, describe, expect, it, vi } from "vitest";
import { attachNative } from "../src/playback/hls";
import type { Session } from "../src/playback/session";
import { edgeOf, swipeOf } from "../src/shells/touch";

/** As much of a media element as the browser's own HLS needs. */
class Media extends EventTarget {
  src = "";
  currentTime = 0;
  paused = true;
  playbackRate = 1;
  error: { code: number } | null = null;
  played = 0;
  play() {
    this.played += 1;
    this.paused = false;
    return Promise.resolve();
  }
  breakOff(code: number) {
    this.error = { code };
    this.dispatchEvent(new Event("error"));
  }
  begin() {
    this.error = null;
    this.dispatchEvent(new Event("loadedmetadata"));
  }
}

const NETWORK = 2;
let token = "one";
let next: string | null = null;
const session = {
  opened: { manifest_url: "https://site.example/m/one/film/main.m3u8" },
  current: (url: string) => url.replace(/\/m\/[^/]+\//, `/m/${token}/`),
  renewNow: () => Promise.resolve().then(() => void (token = next ?? token)),
} as unknown as Session;
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  [token, next] = ["one", null];
  vi.stubGlobal("MediaError", { MEDIA_ERR_NETWORK: NETWORK });
  vi.stubGlobal("location", { href: "https://site.example/", origin: "https://site.example" });
});

describe("the browser's own HLS", () => {
  const start = () => {
    const media = new Media();
    const fatal = vi.fn();
    const stream = attachNative(media as unknown as HTMLMediaElement, session, fatal, 0);
    void media.play();
    media.currentTime = 640;
    media.playbackRate = 1.5;
    return { media, fatal, stream };
  };

  it("goes on at the same place under the newest token when its own is over", async () => {
    const { media, fatal } = start();
    token = "two"; // renewed meanwhile; the list of segments is still the old one
    media.breakOff(NETWORK);
    await settle();
    expect(media.src).toBe("https://site.example/m/two/film/main.m3u8");
    media.currentTime = 0;
    media.begin();
    expect([media.currentTime, media.paused, media.playbackRate]).toEqual([640, false, 1.5]);
    expect(fatal).not.toHaveBeenCalled();
  });

  it("asks for a token itself if none came: the phone slept", async () => {
    const { media } = start();
    next = "three";
    media.breakOff(NETWORK);
    await settle();
    expect(media.src).toContain("/m/three/");
  });

  it("ends when it is not the token, and does not try for ever", async () => {
    const { media, fatal } = start();
    media.breakOff(NETWORK);
    await settle();
    expect(fatal).toHaveBeenCalledExactlyOnceWith(true);
    token = "two";
    media.breakOff(NETWORK);
    await settle();
    expect(media.src).toContain("/m/two/");
    token = "three";
    media.breakOff(3); // again at once: what is broken is the stream
    await settle();
    expect(fatal).toHaveBeenLastCalledWith(false);
    expect(media.src).toContain("/m/two/");
  });
});

describe("fingers", () => {
  const at = (x: number, y = 0) => ({ x, y });
  it("turn a page across, not up and down, and not by a touch", () => {
    expect(swipeOf(at(300), at(60))).toBe("left");
    expect(swipeOf(at(60), at(300))).toBe("right");
    expect(swipeOf(at(300), at(220, 60))).toBeNull();
    expect(swipeOf(at(300), at(262))).toBeNull();
  });
  it("turn a page at its edges", () => {
    expect([20, 150, 280].map((x) => edgeOf(x, { left: 0, width: 300 }))).toEqual(["left", null, "right"]);
    expect(edgeOf(120, { left: 100, width: 300 })).toBe("left");
  });
});
