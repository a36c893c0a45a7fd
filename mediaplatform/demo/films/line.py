"""« La ligne va se promener »: one stroke that is never lifted, and the camera that walks beside it."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mediaplatform.demo.films.stage import WIDTH, Frame, Point, ease

SECONDS = 30.0
GROUND = 500.0
PAPER, INK, RED, GOLD, BLUE, GREEN = "#f5eddb", "#221d18", "#d8452c", "#e3b23c", "#4f8793", "#7f9a5b"


def _arc(x: float, y: float, radius: float, start: float, end: float, *, shrink: float = 0.0) -> list[Point]:
    """Return points of an arc; angles in turns, 0 to the right, clockwise; `shrink` makes it a spiral."""
    turns = np.linspace(start, end, 40)
    r = radius * (1 - shrink * np.linspace(0, 1, 40))
    return list(zip(x + r * np.cos(turns * 2 * np.pi), y + r * np.sin(turns * 2 * np.pi), strict=True))


def _house(x: float, width: float, wall: float, roof: float) -> list[Point]:
    g = GROUND
    return [
        (x, g), (x, g - wall), (x - 26, g - wall), (x + width / 2, g - wall - roof), (x + width + 26, g - wall),
        (x + width, g - wall), (x + width, g),
    ]  # fmt: skip


def _cat(x: float) -> list[Point]:
    shape = (
        (0, 0), (10, -70), (2, -120), (8, -190), (40, -150), (86, -150), (116, -190), (126, -118), (120, -80),
        (140, -40), (150, 0), (196, -4), (226, -40), (222, -96), (250, -120), (276, -96), (262, -40), (276, 0),
    )  # fmt: skip
    return [(x + dx, GROUND + dy) for dx, dy in shape]


def _sea(x: float, waves: int) -> list[Point]:
    t = np.linspace(0, waves * 2 * np.pi, waves * 26)
    return list(zip(x + 31 * t - 46 * np.sin(t), GROUND + 26 + 38 * (np.cos(t) - 1), strict=True))


def _cloud(x: float, y: float) -> list[Point]:
    bumps = ((0, 0, 46), (72, -34, 58), (156, -20, 50))
    return [p for dx, dy, r in bumps for p in _arc(x + dx, y + dy, r, 0.45, 0.98)]


WORLD: tuple[tuple[str, list[Point]], ...] = (
    ("road", [(60, GROUND), (330, GROUND)]),
    (
        "hill",
        list(
            zip(
                np.linspace(330, 700, 50),
                GROUND - 150 * np.sin(np.linspace(0, np.pi, 50)) ** 1.3,
                strict=True,
            )
        ),
    ),
    ("house", [(800, GROUND), *_house(800, 190, 170, 110)]),
    ("tree", [(1150, GROUND), (1150, 380), *_arc(1162, 290, 92, 0.27, 1.23), (1176, 380), (1176, GROUND)]),
    ("cat", [(1300, GROUND), *_cat(1330), (1660, GROUND)]),
    ("sea", _sea(1760, 6)),
    ("bird", [(2990, 470), (3080, 330), (3160, 250), (3230, 300), (3290, 226), (3240, 330), (3330, 300)]),
    ("cloud", [(3400, 230), *_cloud(3480, 210), (3740, 236)]),
    ("sun", _arc(3880, 240, 84, 0.5, 1.5)),
    ("slope", [*_arc(3880, 240, 84, 0.5, 1.25), (3990, 420), (4040, GROUND)]),
    ("home", [(4130, GROUND), *_house(4130, 230, 190, 130)]),
    ("sleep", [(4430, GROUND), *_arc(4540, 452, 48, 0.25, -1.9, shrink=0.85)]),
)


@cache
def _path() -> tuple[NDArray[np.float64], dict[str, tuple[int, int]]]:
    """Return the whole stroke, one point every 4 pixels of its length, and where each figure begins and ends."""
    raw: list[Point] = []
    marks: dict[str, tuple[int, int]] = {}
    for name, points in WORLD:
        marks[name] = (len(raw), len(raw) + len(points) - 1)
        raw += points
    corners = np.array(raw)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    even = np.arange(0, along[-1], 4.0)
    line = np.column_stack([np.interp(even, along, corners[:, axis]) for axis in (0, 1)])
    soft = line.copy()
    for _ in range(3):
        soft[1:-1] = (soft[:-2] + 2 * soft[1:-1] + soft[2:]) / 4
    return soft, {name: (int(along[a] / 4), int(along[b] / 4)) for name, (a, b) in marks.items()}


FILLS = {"house": RED, "tree": GREEN, "cloud": "#ffffff", "sun": GOLD, "home": BLUE, "hill": "#e6d9b8"}


def draw(t: float) -> Frame:
    """Return the frame at t seconds."""
    line, marks = _path()
    done = int(len(line) * ease((t - 1.8) / (SECONDS - 5.5)) * 0.9999) + 1
    pen = line[done - 1]
    camera = min(max(pen[0] - WIDTH * 0.62, 0), 4700 - WIDTH)
    frame = Frame(PAPER)

    def seen(points: NDArray[np.float64]) -> list[Point]:
        return [(x - camera, y) for x, y in points if -1400 < x - camera < WIDTH + 1400]

    for name, colour in FILLS.items():
        first, last = marks[name]
        if done > last:
            frame.polygon(seen(line[first:last]), colour)
    if done > marks["sea"][1]:
        first, last = marks["sea"]
        surface = seen(line[first:last])
        middle, half = (line[first, 0] + line[last, 0]) / 2 - camera, (line[last, 0] - line[first, 0]) / 2
        bed = [(middle + half * np.cos(a), GROUND + 20 + 120 * np.sin(a)) for a in np.linspace(0, np.pi, 40)]
        frame.polygon([*surface, *bed], BLUE)
    frame.stroke(seen(line[:done]), INK, 7)
    _faces(frame, done, marks, camera, t)
    frame.disc(pen[0] - camera, pen[1], 11 + 1.5 * np.sin(t * 9), RED)
    if t < 3.4:
        frame.title(80, 250 - 8 * t, "La ligne", INK, 92)
        frame.title(80, 345 - 8 * t, "va se promener", RED, 92)
    if t > SECONDS - 3.2:
        frame.title(140, 620, "un film de Maïa Fildefer", INK, 40, weight="Semibold")
        frame.title(140, 668, "Atelier Demi-Jour", INK, 30, weight="Regular")
    return frame


def _faces(frame: Frame, done: int, marks: dict[str, tuple[int, int]], camera: float, t: float) -> None:
    """Eyes for the cat, who blinks and follows the pen; smoke for the house; a window that is lit at home."""
    if done > marks["cat"][1]:
        for dx in (44, 80):
            x, y = 1330 + dx - camera, GROUND - 112
            if t % 2.5 > 0.2:
                frame.disc(x, y, 10, "#ffffff")
                frame.disc(x + 4, y, 5, INK)
            else:
                frame.stroke([(x - 8, y), (x + 8, y)], INK, 4)
    if done > marks["house"][1]:
        for puff in range(3):
            age = (t * 0.5 + puff / 3) % 1
            frame.disc(960 + 40 * age - camera, 210 - 90 * age, 8 + 16 * age, "#e6dcc6")
    if done > marks["home"][1]:
        frame.polygon(
            [(4215 - camera, 380), (4275 - camera, 380), (4275 - camera, 440), (4215 - camera, 440)], GOLD
        )
