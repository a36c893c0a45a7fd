// Media keys, lock screens, headsets: the browser's MediaSession.
import type { Resource } from "../playback/api";

export interface Acts {
  play: () => void;
  pause: () => void;
  next: () => void;
  previous: () => void;
  seek: (position: number) => void;
  position: () => number;
}

const STEP_S = 10;

/** Hand the keys of the system to the player. */
export function bindLockScreen(acts: Acts): void {
  if (!("mediaSession" in navigator)) return;
  const handle = (name: MediaSessionAction, act: MediaSessionActionHandler) => {
    try {
      navigator.mediaSession.setActionHandler(name, act);
    } catch {
      // This browser has no such key.
    }
  };
  handle("play", acts.play);
  handle("pause", acts.pause);
  handle("nexttrack", acts.next);
  handle("previoustrack", acts.previous);
  handle("seekbackward", ({ seekOffset }) => acts.seek(acts.position() - (seekOffset ?? STEP_S)));
  handle("seekforward", ({ seekOffset }) => acts.seek(acts.position() + (seekOffset ?? STEP_S)));
  handle("seekto", ({ seekTime }) => seekTime !== undefined && acts.seek(seekTime));
}

/** Show what plays outside of the page. */
export function showOnLockScreen(resource: Resource): void {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({
    title: resource.title,
    artist: resource.artist,
    album: resource.release_title,
    artwork: resource.cover_url ? [{ src: new URL(resource.cover_url, location.href).href, type: "image/webp" }] : [],
  });
}

/** Tell the system where the playhead is. */
export function showPosition(media: HTMLMediaElement): void {
  if (!("mediaSession" in navigator) || !Number.isFinite(media.duration) || media.duration <= 0) return;
  navigator.mediaSession.playbackState = media.paused ? "paused" : "playing";
  navigator.mediaSession.setPositionState({
    duration: media.duration,
    playbackRate: media.playbackRate || 1,
    position: Math.min(media.currentTime, media.duration),
  });
}
