"""« Marées »: twenty-five hours on a foreshore in half a minute."""

from __future__ import annotations

import numpy as np

from mediaplatform.demo.films.stage import HEIGHT, WIDTH, Frame, Point

SECONDS = 30.0
DAY, DUSK, NIGHT = (233, 226, 208), (222, 150, 96), (24, 38, 62)
STRIPS = ("#7fb0ad", "#5c979b", "#427f88", "#316a78", "#245466", "#193f54", "#122d42")


def _mix(a: tuple[int, ...], b: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(x + (y - x) * min(max(share, 0), 1)) for x, y in zip(a, b, strict=True))


def _sky(hour: float) -> str:
    """Return the colour of the sky: day, dusk about 20 h, night, dawn about 6 h."""
    night = 0.5 + 0.5 * np.cos(hour / 24 * 2 * np.pi)
    dusk = float(np.exp(-(((hour % 24) - 20) ** 2) / 4) + np.exp(-(((hour % 24) - 6) ** 2) / 4))
    colour = _mix(_mix(DAY, NIGHT, float(night * 1.6 - 0.3)), DUSK, 0.75 * dusk)
    return "#" + "".join(f"{value:02x}" for value in colour)


def _level(t: float) -> float:
    """Return how high the water is, -1 to 1: two tides in the film, the second a little higher."""
    return float(np.sin(2 * np.pi * t / 14.5 - 0.9) * (0.86 + 0.14 * t / SECONDS))


def _turned(points: list[Point], x: float, y: float, angle: float) -> list[Point]:
    c, s = np.cos(angle), np.sin(angle)
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def draw(t: float) -> Frame:
    """Return the frame at t seconds."""
    hour = 12 + 25 * t / SECONDS
    level = _level(t)
    frame = Frame(_sky(hour))
    _heavens(frame, hour)
    frame.polygon(
        [(0, 372), (150, 330), (330, 356), (470, 318), (640, 372), (1280, 400), (1280, 720), (0, 720)],
        "#3b4a4c",
    )
    _shore(frame)
    water = 520 - 112 * level
    for i, colour in enumerate(STRIPS):
        if i == 3:
            _boat(frame, t, water + 34)
        x = np.linspace(-20, WIDTH + 20, 90)
        drift = t * (16 + 7 * i) * (1 if i % 2 else -1)
        y = (
            water
            + i * (18 + 13 * (1 - level))
            + (5 + 2.2 * i) * np.sin((x + drift) / (58 + 17 * i) + i * 1.9)
        )
        frame.polygon([*zip(x, y, strict=True), (WIDTH + 20, HEIGHT), (-20, HEIGHT)], colour)
    if t < 3.2:
        frame.title(84, 300, "Marées", "#163246", 150)
    if t > SECONDS - 3:
        frame.title(84, 640, "un film de Corentin Mareille", "#f3ecdf", 34, weight="Semibold")
        frame.title(84, 684, "musique de Rade", "#f3ecdf", 27, weight="Regular")
    return frame


def _heavens(frame: Frame, hour: float) -> None:
    """Sun by day, a crescent by night, on the same arc."""
    for shift, colour in ((0.0, "#d9642f"), (12.0, "#f3e6c0")):
        turn = ((hour - 6 + shift) % 24) / 12
        if turn < 1:
            x, y = 60 + turn * 1160, 420 - 330 * np.sin(np.pi * turn)
            frame.disc(x, y, 62, colour)
            if shift:
                frame.disc(x + 24, y - 12, 54, _sky(hour))


def _shore(frame: Frame) -> None:
    """Sand, rocks and marked posts that the tide covers and uncovers."""
    frame.polygon([(0, 560), (380, 520), (820, 566), (1280, 510), (1280, 720), (0, 720)], "#cdb98c")
    frame.polygon([(760, 580), (800, 470), (880, 440), (960, 486), (1010, 590)], "#5a4a3f")
    frame.polygon([(930, 590), (990, 516), (1060, 500), (1120, 590)], "#6d5a4b")
    for k in range(5):
        x = 120 + k * 62
        frame.polygon(
            [(x, 600), (x, 392 + 8 * k), (x + 13, 392 + 8 * k), (x + 13, 600)],
            "#8e5a3a" if k % 2 else "#a56a44",
        )
        frame.polygon(
            [(x, 420 + 8 * k), (x, 434 + 8 * k), (x + 13, 434 + 8 * k), (x + 13, 420 + 8 * k)], "#f3ecdf"
        )


def _boat(frame: Frame, t: float, water: float) -> None:
    """A boat that floats while there is water, and lies on its side on the sand when there is not."""
    afloat = min(max((566 - water) / 60, 0), 1)
    y = min(water, 560) - 8
    angle = 0.34 * (1 - afloat) + 0.05 * afloat * np.sin(t * 2.1)
    x = 610 + 14 * np.sin(t * 0.5)
    frame.polygon(_turned([(-104, -34), (112, -34), (74, 22), (-72, 22)], x, y, angle), "#c8452c")
    frame.polygon(_turned([(-104, -34), (112, -34), (106, -24), (-98, -24)], x, y, angle), "#f3ecdf")
    frame.polygon(_turned([(2, -34), (2, -210), (10, -210), (10, -34)], x, y, angle), "#221d18")
    frame.polygon(_turned([(18, -200), (18, -52), (104, -52)], x, y, angle), "#f3ecdf")
