"""How much one playback may fetch, and when that looks like copying and not like listening. Pure.

| rule | what is counted | limit |
|---|---|---|
| `pace` | seconds of sound or film fetched by a session | 1.5 x the fastest speed (2), after 240 s at once |
| `patron_pace` | the same of all that a patron plays | 12 x real time, after half an hour at once |
| `egress` | the same of a session in all; files of a book or game | 3 x its duration and 10 minutes; 20,000 files |
| `clients` | browsers and networks that use a session within 10 minutes | 4 |

The 240 s are what starting and some seeks take: a player loads 30 s ahead from each place that it is sent to. The four
clients are a telephone that goes from one network to another. A patron's 12 are a family's four profiles, two
devices each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

SEGMENT_S = 4  # as packages are cut (catalog.packaging.hls)
SEGMENT = ".m4s"
STREAMED = frozenset({"music", "video"})

FASTEST = 2.0
PACE = 1.5 * FASTEST
BURST_S = 240
PATRON_PACE = 12.0
PATRON_BURST_S = 1_800
EGRESS_TIMES = 3
EGRESS_SPARE_S = 600
EGRESS_FILES = 20_000
MAX_CLIENTS = 4
CLIENTS_WINDOW = timedelta(minutes=10)
LONGEST_WAIT_S = 3_600


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been counted of a session.

    `pace_s` and `patron_pace_s`: seconds of media that may still be fetched at once; negative when overdrawn.
    `fetched`: seconds of media, or files of a book or game, since the session's opening.
    """

    pace_s: float
    patron_pace_s: float
    fetched: float
    clients: int


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that was passed: which, when to ask again, and the numbers that show it."""

    rule: str
    retry_after_s: int
    evidence: Mapping[str, float]


def seconds_of(*, medium: str, path: str) -> int:
    """Return the seconds of media in a file: those of a segment; none in playlists, heads and captions."""
    return SEGMENT_S if medium in STREAMED and path.endswith(SEGMENT) else 0


def egress_cap(*, medium: str, duration_s: int | None) -> int:
    """Return how much a session may fetch in all: seconds of sound or film, else files.

    185 s of music -> 3 x 185 + 600 = 1,155 s.
    """
    if medium not in STREAMED:
        return EGRESS_FILES
    return EGRESS_TIMES * (duration_s or 24 * 3600) + EGRESS_SPARE_S


def judge(reading: Reading, *, cap: int) -> Excess | None:
    """Return the first limit that is passed. Overdrawn by 30 s at 3 s a second -> ask again in 10 s."""
    if reading.clients > MAX_CLIENTS:
        wait_s = int(CLIENTS_WINDOW.total_seconds())
        return Excess("clients", wait_s, {"clients": reading.clients, "allowed": MAX_CLIENTS})
    if reading.fetched > cap:
        return Excess("egress", LONGEST_WAIT_S, {"fetched": round(reading.fetched), "allowed": cap})
    if reading.pace_s < 0:
        evidence = {"over_s": round(-reading.pace_s), "allowed": PACE, "fetched": round(reading.fetched)}
        return Excess("pace", _wait(reading.pace_s, PACE), evidence)
    if reading.patron_pace_s < 0:
        evidence = {"over_s": round(-reading.patron_pace_s), "allowed": PATRON_PACE}
        return Excess("patron_pace", _wait(reading.patron_pace_s, PATRON_PACE), evidence)
    return None


def _wait(level_s: float, fill: float) -> int:
    return min(LONGEST_WAIT_S, max(1, -int(level_s // fill)))
