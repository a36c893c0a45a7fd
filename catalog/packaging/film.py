"""What a film's original holds: its picture, its sounds, its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import pycountry
from babel import Locale, UnknownLocaleError

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

TEXT_CODECS = frozenset({"subrip", "srt", "mov_text", "webvtt", "ass", "ssa", "text"})
MOST_STREAMS = 8  # of sounds, and of words


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A sound or words inside a file; `index` counts among its kind; `language` is empty if it is not said."""

    index: int
    language: str
    is_description: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What the original is; `width` and `height` in square pixels as decoded."""

    width: int
    height: int
    duration_s: float
    sounds: tuple[Stream, ...] = ()
    words: tuple[Stream, ...] = ()


def look_at(source: Path) -> Film:
    """Read what a film is, and decode its first picture. Raises: PackageFault `not_decodable`."""
    try:
        with av.open(str(source), metadata_errors="replace") as container:
            frame = next(container.decode(container.streams.video[0]))
            found = Film(
                width=frame.width,
                height=frame.height,
                duration_s=container.duration / av.time_base if container.duration else 0.0,
                sounds=tuple(
                    Stream(index=index, language=_language(one), is_description=_is_description(one))
                    for index, one in enumerate(container.streams.audio[:MOST_STREAMS])
                ),
                words=tuple(
                    Stream(index=index, language=_language(one))
                    for index, one in enumerate(container.streams.subtitles[:MOST_STREAMS])
                    if one.codec_context is not None and one.codec_context.name in TEXT_CODECS
                ),
            )
    except (av.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise PackageFault("not_decodable", _("The film can't be decoded."), detail=str(error)) from error
    if not found.duration_s or min(found.width, found.height) < 2:  # noqa: PLR2004 - H.264 needs even sides
        raise PackageFault("not_decodable", _("The film has no length."))
    return found


def language_name(code: str) -> str:
    """Return a language's own name of itself: `fr` -> `français`; the code where nobody knows it."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return code
    return locale.get_display_name(locale) or code


def _language(stream: av.stream.Stream) -> str:
    """Return the two letters of ISO 639 for the three that containers write, old ones included."""
    said = str(stream.metadata.get("language", "")).lower()[:3]
    known = pycountry.languages.get(alpha_3=said) or pycountry.languages.get(bibliographic=said)
    return "" if said == "und" or known is None else getattr(known, "alpha_2", said)


def _is_description(stream: av.stream.Stream) -> bool:
    wanted = av.stream.Disposition.visual_impaired | av.stream.Disposition.descriptions
    return bool(stream.disposition & wanted)
