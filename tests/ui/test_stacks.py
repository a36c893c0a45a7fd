"""The stacked chart: parts stand on one another, names keep their distance."""

from __future__ import annotations

import itertools

from mediaplatform.ui.charts import NAME_HEIGHT, Series, lay_stacks


def series(name: str, *values: int) -> Series:
    return Series(name, values, tuple(str(value) for value in values))


def test_parts_stand_on_one_another_and_reach_88_per_cent() -> None:
    parts, _names = lay_stacks([series("a", 1, 3), series("b", 1, 1)])
    assert [(part.index, part.y, part.height) for part in parts] == [
        (0, 78.0, 22.0),
        (1, 56.0, 22.0),
        (0, 34.0, 66.0),
        (1, 12.0, 22.0),
    ]


def test_nothing_makes_no_part_and_no_name() -> None:
    parts, names = lay_stacks([series("a", 1, 0), series("b", 0, 2)])
    assert [part.index for part in parts] == [0, 1]
    assert [name.name for name in names] == ["b"]


def test_names_of_thin_parts_do_not_meet() -> None:
    _parts, names = lay_stacks([series("a", 1), series("b", 1), series("c", 98)])
    gaps = [low.y - high.y for low, high in itertools.pairwise(names)]
    assert all(gap >= NAME_HEIGHT - 0.01 for gap in gaps)


def test_without_a_month_there_is_nothing_to_draw() -> None:
    assert lay_stacks([]) == ([], [])
