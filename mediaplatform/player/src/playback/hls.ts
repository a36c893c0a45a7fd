// HLS in a media element: hls.js where the browser has Media Source Extensions, else the browser's own.
import type Engine from "hls.js";
import type { LoadPolicy, RetryConfig } from "hls.js";
import type { Session } from "./session";

const HLS = "application/vnd.apple.mpegurl";

export interface Stream {
  /** The qualities to choose from, best last; empty where the browser chooses alone. */
  qualities(): { label: string; select: () => void }[];
  selectAutomatic(): void;
  isNative: boolean;
  /** What hls.js knows of sounds and captions; null where the browser plays HLS itself. */
  engine: Engine | null;
  close(): void;
}

/** Called if a stream can't go on; `said`: the platform's own words, where it has ended the playback. */
export type OnFatal = (isNetwork: boolean, said?: string) => void;

/** Begin to load a session's stream into an element, from a place, or where the listener stopped (on whatever device). */
export async function attach(media: HTMLMediaElement, session: Session, onFatal: OnFatal, from?: number): Promise<Stream> {
  const place = from ?? session.opened.resume?.position_s ?? 0;
  session.onRefused = (problem) => onFatal(false, problem.message || undefined);
  const isVideo = session.opened.medium === "video";
  const { default: Hls } = isVideo ? await import("hls.js") : await import("hls.js/light");
  if (!Hls.isSupported() && media.canPlayType(HLS)) return attachNative(media, session, onFatal, place);
  const hls = new Hls({
    enableWorker: false,
    maxBufferLength: 30,
    backBufferLength: 60,
    startLevel: -1,
    startPosition: place || -1,
    fragLoadPolicy: patient(Hls.DefaultConfig.fragLoadPolicy),
    playlistLoadPolicy: patient(Hls.DefaultConfig.playlistLoadPolicy),
    manifestLoadPolicy: patient(Hls.DefaultConfig.manifestLoadPolicy),
    renderTextTracksNatively: false, // by data: addresses, which our policy refuses; see shells/film_choices
    xhrSetup: (request, url) => {
      request.withCredentials = isElsewhere(url);
    },
  });
  const Loader = Hls.DefaultConfig.loader;
  hls.config.loader = class extends Loader {
    override load(...[context, ...rest]: Parameters<InstanceType<typeof Loader>["load"]>): void {
      context.url = session.current(context.url);
      super.load(context, ...rest);
    }
  };
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (isRefusal(data.response?.code)) void session.renewNow();
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else onFatal(data.type === Hls.ErrorTypes.NETWORK_ERROR);
  });
  const goOn = () => hls.startLoad();
  addEventListener("online", goOn);
  hls.loadSource(session.opened.manifest_url);
  hls.attachMedia(media);
  return {
    isNative: false,
    engine: hls,
    qualities: () =>
      hls.levels.map((level, index) => ({
        label: level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)} kbit/s`,
        select: () => (hls.nextLevel = index),
      })),
    selectAutomatic: () => (hls.nextLevel = -1),
    close: () => {
      removeEventListener("online", goOn);
      hls.destroy();
    },
  };
}

/** Wait for a connection that is gone, a token that is being renewed, or the server's "not so fast": for some minutes. */
function patient(policy: LoadPolicy): LoadPolicy {
  const errorRetry: RetryConfig = {
    ...policy.default.errorRetry,
    maxNumRetry: 40,
    retryDelayMs: 1000,
    maxRetryDelayMs: 8000,
    shouldRetry: (config, count, isTimeout, answer) => {
      const code = answer?.code ?? 0;
      return !!config && count < config.maxNumRetry && (isTimeout || code === 0 || code >= 500 || code === 429 || isRefusal(code));
    },
  };
  return { default: { ...policy.default, errorRetry } };
}

const isRefusal = (code: number | undefined): boolean => code === 401 || code === 403;

const REVIVED_AGAIN_MS = 10_000;

/**
 * The browser's own HLS: phones without Media Source Extensions. It reads the list of segments once, under the token of
 * then; when that token is over, the stream is taken up again under the newest, at the same place.
 */
export function attachNative(media: HTMLMediaElement, session: Session, onFatal: OnFatal, place: number): Stream {
  let loaded = "";
  let revivedAt = -Infinity;
  const load = (from: number, plays: boolean) => {
    loaded = session.current(session.opened.manifest_url);
    if (from) media.addEventListener("loadedmetadata", () => (media.currentTime = from), { once: true });
    media.src = loaded;
    if (plays) void media.play().catch(() => undefined);
  };
  const revive = async (): Promise<void> => {
    const isNetwork = media.error?.code === MediaError.MEDIA_ERR_NETWORK;
    const [at, plays, rate] = [media.currentTime, !media.paused || !!media.error, media.playbackRate];
    const isFirst = performance.now() - revivedAt > REVIVED_AGAIN_MS;
    if (isFirst && session.current(loaded) === loaded) await session.renewNow();
    if (!isFirst || session.current(loaded) === loaded) {
      onFatal(isNetwork); // it was not the token
      return;
    }
    revivedAt = performance.now();
    load(at, plays);
    media.playbackRate = rate;
  };
  const fail = () => void revive();
  media.addEventListener("error", fail);
  if (isElsewhere(session.opened.manifest_url)) media.crossOrigin = "use-credentials";
  load(place, false);
  return {
    isNative: true,
    engine: null,
    qualities: () => [],
    selectAutomatic: () => undefined,
    close: () => {
      media.removeEventListener("error", fail);
      media.removeAttribute("src");
      media.load();
    },
  };
}

/** A CDN's host is opened by its own cookies, which the browser sends only where it is told to. */
const isElsewhere = (url: string): boolean => new URL(url, location.href).origin !== location.origin;
