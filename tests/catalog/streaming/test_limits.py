"""Listening, seeking, families and telephones pass; copying does not."""

from __future__ import annotations

import pytest

from catalog.packaging import hls
from catalog.streaming import limits
from catalog.streaming.limits import Reading


def reading(**changes: float) -> Reading:
    values: dict[str, float] = {"pace_s": 10, "patron_pace_s": 10, "fetched": 10, "clients": 1}
    return Reading(**(values | changes))  # type: ignore[arg-type]


def test_a_segment_counts_as_long_as_packages_are_cut() -> None:
    assert limits.SEGMENT_S == hls.SEGMENT_S


@pytest.mark.parametrize(
    ("medium", "path", "seconds"),
    [
        ("music", "160/seg_1.m4s", 4),
        ("video", "720/seg_1.m4s", 4),
        ("video", "720/init_0.mp4", 0),
        ("video", "master.m3u8", 0),
        ("video", "fr.vtt", 0),
        ("game", "level.m4s", 0),
    ],
)
def test_seconds_of_a_file(medium: str, path: str, seconds: int) -> None:
    assert limits.seconds_of(medium=medium, path=path) == seconds


@pytest.mark.parametrize(
    ("medium", "duration_s", "cap"),
    [("music", 185, 1155), ("video", None, 3 * 86_400 + 600), ("book", None, 20_000), ("game", 5, 20_000)],
)
def test_what_a_session_may_fetch_in_all(medium: str, duration_s: int | None, cap: int) -> None:
    assert limits.egress_cap(medium=medium, duration_s=duration_s) == cap


@pytest.mark.parametrize(
    ("changes", "rule", "wait_s"),
    [
        ({}, None, None),
        ({"pace_s": 0, "patron_pace_s": 0, "fetched": 100, "clients": 4}, None, None),
        ({"pace_s": -30}, "pace", 10),
        ({"pace_s": -0.1}, "pace", 1),
        ({"pace_s": -1e9}, "pace", 3600),
        ({"patron_pace_s": -25}, "patron_pace", 3),
        ({"fetched": 101}, "egress", 3600),
        ({"clients": 5}, "clients", 600),
    ],
)
def test_a_reading_is_judged(changes: dict[str, float], rule: str | None, wait_s: int | None) -> None:
    excess = limits.judge(reading(**changes), cap=100)
    assert (excess and excess.rule, excess and excess.retry_after_s) == (rule, wait_s)
