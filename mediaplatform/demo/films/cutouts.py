"""« Papier, pierre, oiseau »: seven cut-outs that become one thing after another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplatform.demo.films.stage import HEIGHT, WIDTH, Frame, ease

SECONDS = 28.0
COLOURS = ("#f7f1e4", "#22303d", "#e3b23c", "#f7f1e4", "#c9472e", "#5b7f73", "#f7f1e4")
GROUNDS = ("#5b7f73", "#a9c0bd", "#d9c7a0", "#88a9a4", "#4f8793", "#7fa9bb")
Piece = tuple[tuple[float, float], ...]

# Each scene: seven pieces of four corners (a triangle repeats one), in units of 100 pixels around the middle.
SHEET: tuple[Piece, ...] = (
    ((-2, -2), (0, -2), (0, 0), (-2, 0)), ((0, -2), (2, -2), (2, 0), (0, 0)), ((-2, 0), (-0.7, 0), (-0.7, 2), (-2, 2)),
    ((-0.7, 0), (0.7, 0), (0.7, 1), (-0.7, 1)), ((-0.7, 1), (0.7, 1), (0.7, 2), (-0.7, 2)), ((0.7, 0), (2, 0), (2, 1), (0.7, 1)),
    ((0.7, 1), (2, 1), (2, 2), (0.7, 2)),
)  # fmt: skip
STONE: tuple[Piece, ...] = (
    ((-2.6, 0.4), (-1.4, -1.1), (0, -0.2), (-0.6, 1.6)), ((-1.4, -1.1), (0.2, -1.9), (1.2, -0.9), (0, -0.2)),
    ((-2.6, 0.4), (-0.6, 1.6), (-1.2, 1.9), (-2.4, 1.4)), ((0, -0.2), (1.2, -0.9), (1.5, 0.6), (0.5, 0.9)),
    ((-0.6, 1.6), (0, -0.2), (0.5, 0.9), (0.7, 1.8)), ((1.2, -0.9), (2.4, -0.2), (2.5, 1.1), (1.5, 0.6)),
    ((0.7, 1.8), (0.5, 0.9), (1.5, 0.6), (2.5, 1.1)),
)  # fmt: skip
HOUSE: tuple[Piece, ...] = (
    ((-2, 0), (0, 0), (0, 2), (-2, 2)), ((0.9, 0.8), (1.7, 0.8), (1.7, 2), (0.9, 2)), ((0, 0), (2, 0), (2, 2), (0, 2)),
    ((-1.5, 0.5), (-0.6, 0.5), (-0.6, 1.3), (-1.5, 1.3)), ((-2.5, 0), (0, -1.9), (0, -1.9), (2.5, 0)),
    ((1.1, -1.9), (1.6, -1.9), (1.6, -0.7), (1.1, -1.06)), ((1.2, -2.4), (1.9, -2.6), (2.1, -2.3), (1.4, -2.1)),
)  # fmt: skip
FISH: tuple[Piece, ...] = (
    ((-1.6, 0), (0, -1.3), (0, 0), (0, 0)), ((-3, 0), (-1.6, 0), (-2.2, 0.5), (-2.2, 0.5)), ((-1.6, 0), (0, 0), (0, 1.3), (0, 1.3)),
    ((0, -1.3), (1.5, 0), (0, 0), (0, 0)), ((1.5, 0), (3, -1.2), (2.4, 0), (2.4, 0)), ((1.5, 0), (2.4, 0), (3, 1.2), (3, 1.2)),
    ((0, 0), (1.5, 0), (0, 1.3), (0, 1.3)),
)  # fmt: skip
WINGS_UP: tuple[Piece, ...] = (
    ((-1.3, 0.2), (1.2, -0.1), (0.6, 0.9), (-0.8, 0.8)), ((-2.5, 0.1), (-1.9, -0.1), (-1.9, 0.2), (-1.9, 0.2)),
    ((-1.9, -0.1), (-1.3, -0.2), (-1.3, 0.5), (-1.9, 0.2)), ((-0.6, 0.2), (-1.1, -2.6), (0.2, -1.2), (0.5, 0.1)),
    ((0.2, 0.1), (1.1, -2.9), (1.2, -1.2), (0.9, 0)), ((1.2, -0.1), (2.9, 0.4), (2.2, 0.6), (0.6, 0.9)),
    ((0.9, 0.3), (2.6, 1.1), (1.7, 1.1), (0.6, 0.9)),
)  # fmt: skip
WINGS_DOWN = (
    *WINGS_UP[:3],
    ((-0.6, 0.2), (-1.6, 2.2), (0.1, 1.5), (0.5, 0.1)),
    ((0.2, 0.1), (1.5, 2.3), (1.4, 1.0), (0.9, 0)),
    *WINGS_UP[5:],
)
SCATTERED: tuple[Piece, ...] = tuple(
    tuple((x * 0.9 + dx, y * 0.9 - 6.5 - i * 0.8) for x, y in piece)
    for i, (piece, dx) in enumerate(zip(SHEET, (-4, 3, -2, 5, 0, -5, 2), strict=True))
)
SCENES: tuple[tuple[float, tuple[Piece, ...]], ...] = (
    (0.0, SCATTERED), (2.2, SHEET), (7.0, STONE), (11.0, HOUSE), (15.0, FISH), (19.0, WINGS_UP),
)  # fmt: skip


def _pieces(t: float) -> NDArray[np.float64]:
    """Return the corners at t, shape (7, 4, 2): each piece leaves a little after the one before."""
    past = [(start, scene) for start, scene in SCENES if start <= t]
    start, scene = past[-1]
    before = past[-2][1] if len(past) > 1 else SCATTERED
    delays = np.arange(7) * 0.11
    progress = np.array([ease((t - start - delay) / 0.9) for delay in delays])[:, None, None]
    corners = np.array(before) * (1 - progress) + np.array(scene) * progress
    if scene is WINGS_UP and t > start + 1.8:
        beat = 0.5 - 0.5 * np.cos((t - start - 1.8) * 2 * np.pi * 1.5)
        corners = np.array(WINGS_UP) * (1 - beat) + np.array(WINGS_DOWN) * beat
    turn = np.sin(np.pi * progress) * np.linspace(-0.7, 0.7, 7)[:, None, None]
    centre = corners.mean(axis=1, keepdims=True)
    x, y = np.moveaxis(corners - centre, 2, 0)[..., None]
    turned = np.concatenate(
        [x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=2
    )
    return np.asarray(centre + turned)


def draw(t: float) -> Frame:
    """Return the frame at t seconds."""
    index = max(sum(start <= t for start, _ in SCENES) - 1, 0)
    frame = Frame(GROUNDS[max(index - 1, 0)])
    wipe = ease((t - SCENES[index][0]) / 0.7) * (WIDTH + 200)
    frame.polygon([(0, 0), (wipe, 0), (wipe - 200, HEIGHT), (0, HEIGHT)], GROUNDS[index])
    leaving = max(t - 22.5, 0)
    where = np.array([WIDTH / 2 - 60 * leaving**1.7, HEIGHT / 2 + 10 - 34 * leaving**1.7])
    size = 104 - 7 * leaving
    hand = np.random.default_rng(int(t * 4)).normal(0, 0.7, 2)
    corners = _pieces(t) * size + where + hand
    for offset in (9.0, 0.0):
        for piece, colour in zip(corners, COLOURS, strict=True):
            frame.polygon(
                [(x + offset, y + offset) for x, y in piece], _shade(GROUNDS[index]) if offset else colour
            )
    if t < 2.6:
        frame.title(90, 640, "Papier, pierre, oiseau", "#f7f1e4", 76)
    if t > SECONDS - 3:
        frame.title(90, 590, "un film de Maïa Fildefer", "#f7f1e4", 42, weight="Semibold")
        frame.title(90, 644, "et d’une classe de Valence", "#f7f1e4", 32, weight="Regular")
    return frame


def _shade(colour: str) -> str:
    """Return the colour of a shadow on a ground."""
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * 0.82):02x}" for i in (1, 3, 5))
