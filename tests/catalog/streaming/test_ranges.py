"""Ranges and ETags as RFC 9110 has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.streaming import ranges
from catalog.streaming.ranges import Part, RangeNotSatisfiable

ETAG = '"abc"'


def select(header: str, *, if_range: str = "", size_bytes: int = 1000) -> Part:
    return ranges.select(header=header, if_range=if_range, etag=ETAG, size_bytes=size_bytes)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes= 500-", 500, 1000),
        ("bytes=999-5000", 999, 1000),
        ("bytes=-100", 900, 1000),
        ("bytes=-5000", 0, 1000),
    ],
)
def test_one_range_is_a_part(header: str, start: int, end: int) -> None:
    assert select(header) == Part(start, end, is_partial=True)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=0-1,5-6",
        "lines=0-1",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=٣-",
        "bytes=0-" + "9" * 16,
    ],
)
def test_anything_else_is_the_whole(header: str) -> None:
    assert select(header) == Part(0, 1000, is_partial=False)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_range_beyond_the_end_is_not_satisfiable(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        select(header)


def test_no_range_of_an_empty_object_is_satisfiable() -> None:
    assert select("", size_bytes=0) == Part(0, 0, is_partial=False)
    with pytest.raises(RangeNotSatisfiable):
        select("bytes=-5", size_bytes=0)


@pytest.mark.parametrize(
    ("if_range", "is_partial"), [(ETAG, True), ('W/"abc"', False), ("Tue, 01 Jan 2030", False)]
)
def test_if_range_asks_for_the_whole_when_the_object_is_another(if_range: str, is_partial: bool) -> None:
    assert select("bytes=0-9", if_range=if_range).is_partial is is_partial


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 1500))
def test_a_part_lies_within_the_object(first: int, length: int, size_bytes: int) -> None:
    try:
        part = select(f"bytes={first}-{first + length}", size_bytes=size_bytes)
    except RangeNotSatisfiable:
        assert first >= size_bytes
    else:
        assert (part.start, part.end) == (first, min(first + length + 1, size_bytes))


@pytest.mark.parametrize(
    ("header", "is_known"),
    [("", False), (ETAG, True), ('W/"abc"', True), ('"x", "abc"', True), ("*", True), ('"abcd"', False)],
)
def test_if_none_match(header: str, is_known: bool) -> None:
    assert ranges.matches(if_none_match=header, etag=ETAG) is is_known
