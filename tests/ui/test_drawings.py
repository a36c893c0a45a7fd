"""Covers drawn for works without one, and the geometry of charts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mediaplatform.ui import charts, covers

MEDIA = ("music", "video", "book", "game")


@given(title=st.text(min_size=1, max_size=120), artist=st.text(max_size=60), medium=st.sampled_from(MEDIA))
def test_any_words_give_a_cover_with_all_lines_inside(title: str, artist: str, medium: str) -> None:
    cover = covers.draw_cover(title=title, artist=artist, medium=medium)
    assert all(0 < y <= cover.height for y, _line in cover.lines)
    assert cover == covers.draw_cover(title=title, artist=artist, medium=medium)


def test_a_cover_alone_is_a_picture_whatever_the_title_says() -> None:
    svg = covers.cover_svg(title='<script>"&', artist="</svg>", medium="music")
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.get("width") == "600"
    assert [text.text for text in root.iter("{*}text")] == ["</svg>", '<script>"&']


def test_two_titles_are_told_apart() -> None:
    first, second = (covers.cover_svg(title=title, artist="", medium="book") for title in ("Rives", "Ravins"))
    assert first != second


@pytest.mark.parametrize("medium", MEDIA)
def test_no_ornament_runs_into_the_title(medium: str) -> None:
    cover = covers.draw_cover(
        title="Deux mille quarante-huit cailloux", artist="Atelier Gravier", medium=medium
    )
    last_line = cover.lines[-1][0]
    tops = [int(e.get("y", 0)) for e in map(etree.fromstring, cover.motif) if e.tag == "rect"]
    rings = [
        int(e.get("cy", 0)) - int(e.get("r", 0))
        for e in map(etree.fromstring, cover.motif)
        if e.tag == "circle"
    ]
    assert medium == "video" or min(tops + rings) > last_line


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 1), (1, 1), (34, 50), (50, 50), (51, 100), (1_000_001, 2_000_000)]
)
def test_an_axis_ends_on_a_round_number(value: int, ceiling: int) -> None:
    assert charts.nice_ceiling(value) == ceiling


def test_bars_are_measured_against_the_longest() -> None:
    assert charts.bar_widths([200, 50, 0, -3]) == [100.0, 25.0, 0.0, 0.0]
    assert charts.bar_widths([]) == []


def test_the_last_column_is_the_present_and_always_labelled() -> None:
    columns = charts.lay_columns([charts.Bar(str(i), i, str(i)) for i in range(30)])
    assert [column.is_now for column in columns] == [False] * 29 + [True]
    assert columns[-1].is_labelled
    assert sum(column.is_labelled for column in columns) <= charts.MOST_LABELS
    assert all(0 <= column.y <= 100 and column.y + column.height == pytest.approx(100) for column in columns)


def test_names_of_lines_that_end_together_are_pushed_apart() -> None:
    series = [charts.Series(name, (1, 10), ("1", "10")) for name in "abc"]
    ends = sorted(line.end_y for line in charts.lay_lines(series))
    assert all(later - earlier >= charts.NAME_HEIGHT for earlier, later in pairwise(ends))
