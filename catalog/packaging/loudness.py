"""Loudness after EBU R 128 and ITU-R BS.1770, of a recording and of an album, from ffmpeg's ebur128 filter. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

BLOCKS = "blocks.txt"  # where the filter writes the momentary loudness, in ffmpeg's folder
FILTER = "ebur128=peak=true:framelog=quiet"
FILTER_WITH_BLOCKS = f"{FILTER}:metadata=1,ametadata=mode=print:key=lavfi.r128.M:file={BLOCKS}"
SUMMARY = re.compile(
    r"Integrated loudness:\s+I:\s+(?P<loudness>-?[\d.]+|-?inf|nan) LUFS"
    r".*?True peak:\s+Peak:\s+(?P<peak>-?[\d.]+|-?inf|nan) dBFS",
    re.DOTALL,
)
BLOCK = re.compile(r"^lavfi\.r128\.M=(-?\d+\.?\d*)", re.MULTILINE)
SILENCE_LUFS = Decimal(-70)  # the absolute gate of ITU-R BS.1770: below it nothing was heard
RELATIVE_GATE_LU = 10

Blocks = Mapping[
    int, int
]  # how many gating blocks (400 ms, one begins each 100 ms) were so many tenths of LUFS loud


def read_summary(said: str) -> tuple[Decimal | None, Decimal | None]:
    """Return (LUFS, dBTP) from what ffmpeg said; both None for silence or for less than a block of 400 ms."""
    found = SUMMARY.search(said)
    if not found or not found["loudness"][-1].isdigit() or not found["peak"][-1].isdigit():
        return None, None
    loudness = Decimal(found["loudness"])
    return (loudness, Decimal(found["peak"])) if loudness > SILENCE_LUFS else (None, None)


def read_blocks(text: str) -> Counter[int]:
    """Count the gating blocks above silence by tenths of LUFS, from what the filter with blocks wrote."""
    tenths = (round(float(found[1]) * 10) for found in BLOCK.finditer(text))
    return Counter(block for block in tenths if block > SILENCE_LUFS * 10)


def integrate(blocks: Iterable[Blocks]) -> Decimal | None:
    """Return the loudness of recordings heard one after the other (BS.1770-4, section 2.8); None for silence.

    Equally many blocks of -20 and -30 LUFS: the relative gate is at -32.6, both count: -22.6 LUFS.
    """
    whole: Counter[int] = Counter()
    for one in blocks:
        whole.update(one)
    gate = _mean(whole)
    if gate is None:
        return None
    heard = {block: count for block, count in whole.items() if block / 10 > gate - RELATIVE_GATE_LU}
    mean = _mean(heard)
    return None if mean is None else Decimal(mean).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _mean(blocks: Blocks) -> float | None:
    """Return the loudness of the blocks' mean power."""
    count = sum(blocks.values())
    if not count:
        return None
    power = sum(times * 10 ** (block / 100) for block, times in blocks.items())
    return 10 * math.log10(power / count)
