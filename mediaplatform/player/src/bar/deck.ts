// One media element and what is loaded into it. The bar has two: one sounds while the other makes the next track ready.
import { element } from "../dom";
import type { QueueItem } from "../playback/api";
import { type OnFatal, type Stream, attach } from "../playback/hls";
import { Loudness } from "../playback/loudness";
import { Session } from "../playback/session";
import { type Span, spanOf } from "./joining";

const FROM_THE_FIRST_SAMPLE = -1;

export interface Loaded {
  item: QueueItem;
  session: Session;
  stream: Stream;
}

export class Deck {
  readonly audio = element("audio", { preload: "auto" });
  readonly loudness = new Loudness(this.audio);
  loaded: Loaded | null = null;
  /** Called if what is loaded can't go on. */
  onFatal: OnFatal = () => undefined;
  private turn = 0;

  /** Open a session and load its stream; null if the deck was emptied meanwhile. Throws: as Session.open. */
  async load(item: QueueItem, from?: number): Promise<Loaded | null> {
    this.empty();
    const turn = ++this.turn;
    const session = await Session.open(item.resource_id);
    const fatal: OnFatal = (isNetwork, said) => this.onFatal(isNetwork, said);
    const { start } = spanOf(session.opened.resource.gapless, Infinity);
    const stream = await attach(this.audio, session, fatal, from === FROM_THE_FIRST_SAMPLE ? start : from);
    if (turn === this.turn) return (this.loaded = { item, session, stream });
    stream.close();
    session.stop();
    return null;
  }

  /** Make a track ready from its first sample on, to follow another without a gap. */
  prepare(item: QueueItem): Promise<Loaded | null> {
    this.onFatal = () => this.empty();
    return this.load(item, FROM_THE_FIRST_SAMPLE);
  }

  /** Whether this track is here, at its beginning, with enough of it to sound at once. */
  isReady(item: QueueItem): boolean {
    return this.loaded?.item === item && this.audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !this.audio.seeking;
  }

  /** Where the recording lies on the element's clock. */
  get span(): Span {
    return spanOf(this.loaded?.session.opened.resource.gapless ?? null, this.audio.duration);
  }

  /** Let go of what is loaded. */
  empty(): void {
    this.turn += 1;
    const was = this.loaded;
    this.loaded = null;
    this.audio.pause();
    was?.session.stop();
    was?.stream.close();
  }
}
