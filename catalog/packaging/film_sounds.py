"""A film's sounds and words as HLS renditions: the original's own, dubbed, described, captioned."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import translation

from catalog.packaging import captions, hls
from catalog.packaging.captions import Cue
from catalog.packaging.faults import PackageFault
from catalog.packaging.film import Film, language_name
from catalog.packaging.recipe import Material
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed, run_ffmpeg
from mediaplatform.infrastructure.said import say as _

DESCRIBES = "public.accessibility.describes-video"
TRANSCRIBES = "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
CAPTIONS = "captions.vtt"
LATE_MS = 5_000  # how far after the film's end the last caption may be
SOUND, DESCRIPTION, WORDS = "sound", "description", "captions"  # FilmTrack.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A sound to be encoded: the `index`th of a file."""

    name: str
    path: Path
    index: int
    language: str
    is_description: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Captions to be shown; `is_own` if they are in the film's own language, for those who don't hear it."""

    name: str
    language: str
    is_own: bool
    cues: tuple[Cue, ...]


def list_sounds(material: Material, film: Film) -> list[Sound]:
    """List the sounds: the film's own first, what was delivered beside it in the place of what it holds."""
    found: dict[tuple[str, bool], tuple[Path, int]] = {}
    for one in film.sounds:
        language = one.language or (material.language if one.index == 0 else "")
        found.setdefault((language, one.is_description), (material.path, one.index))
    for track in material.tracks:
        if track.kind in {SOUND, DESCRIPTION}:
            key = (track.language, track.kind == DESCRIPTION)
            if not found or key != next(iter(found)):  # the film's own sound is never replaced
                found[key] = (track.path, 0)
    return [
        Sound(name=f"sound{at}", path=path, index=index, language=language, is_description=is_description)
        for at, ((language, is_description), (path, index)) in enumerate(found.items(), start=1)
    ]


def list_words(material: Material, film: Film) -> list[Words]:
    """Read the captions: those delivered, then those inside the film in further languages.

    Raises:
        PackageFault: `bad_captions`, also for words long after the film's end.
    """
    cues: dict[str, list[Cue]] = {}
    for track in material.tracks:
        if track.kind == WORDS:
            cues[track.language] = captions.read_captions(track.path.read_bytes())
    for one in film.words:
        if one.language and one.language not in cues and (inside := _extract(material.path, one.index)):
            cues[one.language] = inside
    latest = film.duration_s * 1000 + LATE_MS
    for language, said in cues.items():
        if said[-1].start_ms > latest:
            message = _("The captions go on after the film's end: are they another version's?")
            raise PackageFault("bad_captions", message, detail=language)
    own = material.language or next((one.language for one in film.sounds), "")
    return [
        Words(name=f"words{at}", language=language, is_own=language == own, cues=tuple(said))
        for at, (language, said) in enumerate(cues.items(), start=1)
    ]


def write_words(folder: Path, words: Words, *, duration_s: float) -> None:
    """Write captions as one segment of WebVTT, with its playlist."""
    place = folder / words.name
    place.mkdir()
    (place / CAPTIONS).write_text(captions.write_vtt(words.cues), "utf-8")
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{int(duration_s + 1)}", "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD", f"#EXTINF:{duration_s:.3f},", CAPTIONS, "#EXT-X-ENDLIST",
    ]  # fmt: skip
    (place / hls.INDEX).write_text("\n".join(lines) + "\n", "utf-8")


def sound_label(sound: Sound) -> str:
    """Name a sound in its own language: `français`, `English (audio description)`."""
    with translation.override(sound.language or settings.LANGUAGE_CODE):
        name = language_name(sound.language) if sound.language else _("Sound")
        return f"{name} ({_('audio description')})" if sound.is_description else name


def sound_group(kbit: int) -> str:
    """Name the group of the sounds of a rate: `sound-64`."""
    return f"sound-{kbit}"


def sound_folder(sound: Sound, kbit: int) -> str:
    """Return where a sound of a rate lies: `sound1-64`."""
    return f"{sound.name}-{kbit}"


def sound_rendition(sound: Sound, *, kbit: int, is_default: bool, peak_bandwidth: int) -> hls.Rendition:
    """Return a sound as the master names it: in each rate's group alike (RFC 8216, 4.3.4.1.1)."""
    return hls.Rendition(
        name=sound_folder(sound, kbit),
        group=sound_group(kbit),
        kind="AUDIO",
        label=sound_label(sound),
        language=sound.language,
        is_default=is_default,
        characteristics=DESCRIBES if sound.is_description else "",
        peak_bandwidth=peak_bandwidth,
    )


def words_rendition(words: Words) -> hls.Rendition:
    """Return captions as the master names them."""
    return hls.Rendition(
        name=words.name,
        kind="SUBTITLES",
        label=language_name(words.language),
        language=words.language,
        characteristics=TRANSCRIBES if words.is_own else "",
    )


def _extract(source: Path, index: int) -> list[Cue]:
    """Return the words inside a film; none if they can't be read: they were not promised."""
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "words.vtt"
        try:
            run_ffmpeg(["-v", "error", "-i", source, "-map", f"0:s:{index}", target], timeout_s=300)
            return captions.read_captions(target.read_bytes())
        except (FfmpegFailed, PackageFault, OSError):
            return []
