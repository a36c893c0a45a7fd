"""Captions: SubRip (SRT) and WebVTT read with every fault's line, and written as plain, safe WebVTT. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import join_lines
from mediaplatform.infrastructure.said import say as _

MAX_BYTES = 5_000_000
MAX_CUES = 20_000
MOST_FAULTS = 20
TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{3})"
TIMING = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?P<settings>.*)")
SETTING = re.compile(r"(?:(?:position|line|size):-?\d[\d.%,a-z-]*|align:[a-z]+|vertical:(?:rl|lr))")
NOT_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")
KEPT_TAG = re.compile(r"<(/?)([ibu])(?:\.[^<>]*)?>")
OTHER_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)>|\{\\[^{}]*\}")  # fonts, voices, times, SSA's places


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words shown from `start_ms` to `end_ms`; `text` has no other markup than i, b and u."""

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""


class BadCaptions(PackageFault):
    """A file of captions that can't be shown; `faults` are (line, message)."""

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        self.faults = list(faults)
        lines = [_("line %(line)d: %(message)s") % {"line": line, "message": said} for line, said in faults]
        super().__init__("bad_captions", _("The captions can't be read."), detail=join_lines(*lines))


def read_captions(data: bytes) -> list[Cue]:
    """Return the cues in the order of their times.

    Raises:
        BadCaptions: it is too large, no text, or cues have no times, end before they begin, or are none.
    """
    if len(data) > MAX_BYTES:
        raise BadCaptions([(1, _("The file is larger than 5 MB."))])
    lines = _decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues: list[Cue] = []
    faults: list[tuple[int, str]] = []
    for first, block in _blocks(lines):
        if block[0].startswith(NOT_CUES) and "-->" not in block[0]:
            continue
        _read_block(first, block, cues, faults)
        if len(cues) > MAX_CUES or len(faults) >= MOST_FAULTS:
            break
    if len(cues) > MAX_CUES:
        faults.append((len(lines), _("There are more than %(limit)d captions.") % {"limit": MAX_CUES}))
    if not cues and not faults:
        faults.append((1, _("There are no captions in it.")))
    if faults:
        raise BadCaptions(faults)
    return sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))


def write_vtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file; its time map is that of HLS segments (RFC 8216, 3.5) and does nothing elsewhere."""
    parts = ["WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"]
    parts += [f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}{cue.settings}\n{cue.text}\n" for cue in cues]
    return "\n".join(parts)


def _decode(data: bytes) -> str:
    """Return the text: UTF-8 with or without BOM, UTF-16 with BOM, else the Windows code page 1252."""
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadCaptions([(1, _("This is no text: save the captions as SRT or WebVTT in UTF-8."))])


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines without an empty one, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield len(lines) - len(block) + 1, block


def _read_block(first: int, block: list[str], cues: list[Cue], faults: list[tuple[int, str]]) -> None:
    place = next((at for at, line in enumerate(block[:2]) if "-->" in line), None)
    if place is None:
        faults.append((first, _("Here should be a time such as 00:01:02,500 --> 00:01:04,000.")))
        return
    found = TIMING.fullmatch(block[place])
    if found is None:
        faults.append((first + place, _("This time can't be read.")))
        return
    numbers = [int(part or 0) for part in found.groups()[:8]]
    start_ms, end_ms = (_milliseconds(*numbers[at : at + 4]) for at in (0, 4))
    if end_ms <= start_ms:
        faults.append((first + place, _("This caption ends before it begins.")))
        return
    text = "\n".join(filter(None, (_plain(line) for line in block[place + 1 :])))
    if text:
        settings = "".join(f" {one}" for one in found["settings"].split() if SETTING.fullmatch(one))
        cues.append(Cue(start_ms=start_ms, end_ms=end_ms, text=text, settings=settings))


def _plain(line: str) -> str:
    """Return a line with i, b and u as its only markup."""
    kept = KEPT_TAG.sub("\x01\\1\\2\x02", re.sub("[\x01\x02]", "", line))
    text = html.escape(html.unescape(OTHER_TAG.sub("", kept)).replace("-->", "→"), quote=False)
    return text.replace("\x01", "<").replace("\x02", ">").strip()


def _milliseconds(hours: int, minutes: int, seconds: int, thousandths: int) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
