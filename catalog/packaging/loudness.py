"""Loudness after EBU R 128, measured by ffmpeg's ebur128 filter."""

from __future__ import annotations

import re
from decimal import Decimal

FILTER = "ebur128=peak=true:framelog=quiet"
SUMMARY = re.compile(
    r"Integrated loudness:\s+I:\s+(?P<loudness>-?[\d.]+|-?inf|nan) LUFS"
    r".*?True peak:\s+Peak:\s+(?P<peak>-?[\d.]+|-?inf|nan) dBFS",
    re.DOTALL,
)
SILENCE_LUFS = Decimal(-70)  # the absolute gate of ITU-R BS.1770: below it nothing was heard


def read_summary(said: str) -> tuple[Decimal | None, Decimal | None]:
    """Return (LUFS, dBTP) from what ffmpeg said; both None for silence or for less than a block of 400 ms."""
    found = SUMMARY.search(said)
    if not found or not found["loudness"][-1].isdigit() or not found["peak"][-1].isdigit():
        return None, None
    loudness = Decimal(found["loudness"])
    return (loudness, Decimal(found["peak"])) if loudness > SILENCE_LUFS else (None, None)
