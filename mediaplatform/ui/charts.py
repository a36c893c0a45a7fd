"""Geometry of the charts: pure, in per cent of the plot, so that one drawing fits a phone and a desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5)
MOST_LABELS = 12
NAME_HEIGHT = 9  # per cent of the plot


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: `value` sets the length, `shown` is what is read."""

    label: str
    value: int
    shown: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a line chart; `shown` are its values as read, one each."""

    name: str
    values: tuple[int, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column in per cent of the plot: x from the left, y from the top."""

    label: str
    shown: str
    x: float
    middle: float
    y: float
    width: float
    height: float
    is_now: bool
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a 100 x 100 box; `end_y` in per cent is where its name stands."""

    name: str
    points: str
    area: str
    end_y: float
    last: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked column, in per cent of the plot; `index` is its series'."""

    index: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PartName:
    """A series' name beside the last column; `y` in per cent."""

    index: int
    name: str
    y: float


def nice_ceiling(value: int) -> int:
    """Return the least of 1, 2, 5, 10, 20... that is not below the value: 34 -> 50; 0 -> 1."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def bar_widths(values: Sequence[int]) -> list[float]:
    """Return lengths in per cent of the longest; negative counts as nothing."""
    longest = max([*values, 1])
    return [round(max(value, 0) * 100 / longest, 2) for value in values]


def lay_columns(bars: Sequence[Bar]) -> list[Column]:
    """Lay columns side by side; the last is the present. Room is kept on top for its number."""
    slot = 100 / max(len(bars), 1)
    top = max([bar.value for bar in bars] + [1])
    every = -(-len(bars) // MOST_LABELS)
    columns = []
    for index, bar in enumerate(bars):
        height = max(bar.value, 0) * 88 / top
        columns.append(
            Column(
                label=bar.label,
                shown=bar.shown,
                x=round(index * slot + slot * 0.14, 3),
                middle=round(index * slot + slot / 2, 3),
                y=round(100 - height, 3),
                width=round(slot * 0.72, 3),
                height=round(height, 3),
                is_now=index == len(bars) - 1,
                is_labelled=(len(bars) - 1 - index) % every == 0,
            )
        )
    return columns


def lay_lines(series: Sequence[Series]) -> list[Line]:
    """Lay lines in a 100 x 100 box on one scale from zero; names that would meet are pushed apart."""
    top = nice_ceiling(max([value for line in series for value in line.values] + [1]))
    lines, taken = [], list[float]()
    for index, line in enumerate(series):
        span = max(len(line.values) - 1, 1)
        points = [
            (round(i * 100 / span, 3), round(100 - value * 100 / top, 3))
            for i, value in enumerate(line.values)
        ]
        end = points[-1][1] if points else 100.0
        while any(abs(end - other) < NAME_HEIGHT for other in taken):
            end -= NAME_HEIGHT
        taken.append(end)
        path = " ".join(f"{x},{y}" for x, y in points)
        lines.append(
            Line(
                name=line.name,
                points=path,
                area=f"0,100 {path} 100,100" if index == 0 and points else "",
                end_y=end,
                last=line.shown[-1] if line.shown else "",
                is_first=index == 0,
            )
        )
    return lines


def lay_stacks(series: Sequence[Series]) -> tuple[list[Part], list[PartName]]:
    """Stack the series' values by position, the first below; names stand beside the last column's parts.

    Values of 0 make no part, and a series without a part in the last column has no name there.
    """
    months = len(series[0].values) if series else 0
    top = max([sum(line.values[month] for line in series) for month in range(months)] + [1])
    slot = 100 / max(months, 1)
    parts: list[Part] = []
    for month in range(months):
        height_below = 0.0
        for index, line in enumerate(series):
            height = max(line.values[month], 0) * 88 / top
            if height:
                y = round(100 - height_below - height, 3)
                x, width = round(month * slot + slot * 0.14, 3), round(slot * 0.72, 3)
                parts.append(Part(index=index, x=x, y=y, width=width, height=round(height, 3)))
            height_below += height
    last = [part for part in parts if part.x > (months - 1) * slot]
    names, lowest = list[PartName](), 100.0 + NAME_HEIGHT / 2
    for part in last:
        lowest = min(part.y + part.height / 2, lowest - NAME_HEIGHT)
        names.append(PartName(index=part.index, name=series[part.index].name, y=round(lowest, 3)))
    return parts, names
