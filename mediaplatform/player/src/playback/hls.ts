// HLS in a media element: hls.js where the browser has Media Source Extensions, else the browser's own.
import type { Session } from "./session";

const HLS = "application/vnd.apple.mpegurl";

export interface Stream {
  /** The qualities to choose from, best last; empty where the browser chooses alone. */
  qualities(): { label: string; select: () => void }[];
  selectAutomatic(): void;
  isNative: boolean;
  close(): void;
}

/** Begin to load a session's stream into an element; `onFatal` is called if it can't go on. */
export async function attach(media: HTMLMediaElement, session: Session, onFatal: (isNetwork: boolean) => void): Promise<Stream> {
  const isVideo = session.opened.medium === "video";
  const { default: Hls } = isVideo ? await import("hls.js") : await import("hls.js/light");
  if (!Hls.isSupported() && media.canPlayType(HLS)) return attachNative(media, session, onFatal);
  const hls = new Hls({
    enableWorker: false,
    maxBufferLength: 30,
    backBufferLength: 60,
    startLevel: -1,
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
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else onFatal(data.type === Hls.ErrorTypes.NETWORK_ERROR);
  });
  hls.loadSource(session.opened.manifest_url);
  hls.attachMedia(media);
  return {
    isNative: false,
    qualities: () =>
      hls.levels.map((level, index) => ({
        label: level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)} kbit/s`,
        select: () => (hls.nextLevel = index),
      })),
    selectAutomatic: () => (hls.nextLevel = -1),
    close: () => hls.destroy(),
  };
}

function attachNative(media: HTMLMediaElement, session: Session, onFatal: (isNetwork: boolean) => void): Stream {
  const fail = () => onFatal(media.error?.code === MediaError.MEDIA_ERR_NETWORK);
  media.addEventListener("error", fail);
  if (isElsewhere(session.opened.manifest_url)) media.crossOrigin = "use-credentials";
  media.src = session.opened.manifest_url;
  return {
    isNative: true,
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
