"""ReplayGain 2.0: a recording's level for players that ask for these numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

REFERENCE_LUFS = Decimal(-18)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayGain:
    """Numbers as ReplayGain 2.0 tags have them: gains in dB to -18 LUFS; peaks are linear, 1 being full scale."""

    track_gain_db: float
    track_peak: float
    album_gain_db: float
    album_peak: float


def replay_gain(
    *, track: tuple[Decimal | None, Decimal | None], album: tuple[Decimal | None, Decimal | None]
) -> ReplayGain | None:
    """Return a track's numbers from (LUFS, dBTP) of itself and of its album; None for a silent track.

    -12.5 LUFS with a peak of -10.5 dBTP: a gain of -5.5 dB, a peak of 0.298538. An album that was not
    measured counts as its track.
    """
    (loudness, peak), (album_loudness, album_peak) = track, album
    if loudness is None or peak is None:
        return None
    return ReplayGain(
        track_gain_db=float(REFERENCE_LUFS - loudness),
        track_peak=_linear(peak),
        album_gain_db=float(REFERENCE_LUFS - (loudness if album_loudness is None else album_loudness)),
        album_peak=_linear(peak if album_peak is None else album_peak),
    )


def _linear(decibels: Decimal) -> float:
    return float(round(10 ** (float(decibels) / 20), 6))
