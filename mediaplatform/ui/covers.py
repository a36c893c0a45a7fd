"""Covers for works that came without one: drawn from the title and the medium, always the same for the same work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Paper and ink of a small letterpress shop: (ground, ink, second colour); each pair reads at 4.5:1 or better.
PRESSES = (
    ("#e9dcc3", "#2a2118", "#b4532a"),
    ("#1f3a3d", "#f2e8d5", "#d9a441"),
    ("#c8d3c0", "#1e2b22", "#7a3b2e"),
    ("#7b2d26", "#f7e9d7", "#e3b27a"),
    ("#efe6da", "#23324f", "#c2703d"),
    ("#2b2a33", "#efe6d8", "#8fb0a9"),
    ("#d9b44a", "#2b1d0e", "#7c2f1b"),
    ("#d7c4c0", "#3a1f2b", "#4f6d7a"),
)
SHAPES = {"music": (600, 600), "video": (960, 540), "book": (600, 800), "game": (600, 600)}
MARGIN = 48
# Widths of the serif in ems, roughly: enough to break lines, never to measure.
NARROW, WIDE, USUAL = 0.28, 0.82, 0.5
GRID, TILE = 54, 36
SIZES = (112, 96, 82, 70, 60, 52, 44)


@dataclass(frozen=True, slots=True)
class DrawnCover:
    """An SVG picture in parts: the template sets it in the page, the covers' address sends it alone."""

    width: int
    height: int
    ground: str
    ink: str
    second: str
    size: int
    lines: tuple[tuple[int, str], ...]
    artist: str
    artist_y: int
    motif: tuple[str, ...]


def text_width(text: str) -> float:
    """Estimate the width of a text in ems."""
    return sum(NARROW if c in "ijltfr.,;:'’!| -" else WIDE if c in "mwMWÆŒæœ" or c.isupper() else USUAL for c in text)


def break_lines(title: str, *, width_em: float) -> list[str]:
    """Break a title into lines of at most `width_em` where its words allow."""
    lines: list[str] = []
    for word in title.split():
        if lines and text_width(f"{lines[-1]} {word}") <= width_em:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def draw_motif(medium: str, *, seed: bytes, box: tuple[int, int, int], colour: str) -> Iterator[str]:
    """Yield the shapes of a medium's ornament. `box` is (width, height, top): they stay below `top`, the title's end."""
    width, height, top = box
    if medium == "music":
        centre, step = width * (38 + seed[1] % 24) // 100, (height - top) // 7
        for ring in range(1, 7):
            thick = 3 + seed[3 + ring] % 4 * step // 8
            yield (
                f'<circle cx="{centre}" cy="{height}" r="{ring * step}" fill="none" stroke="{colour}" stroke-width="{thick}"/>'
            )
    elif medium == "video":
        x = width // 2 + MARGIN
        for bar in range(9):
            wide = 12 + seed[1 + bar] % 34
            yield f'<rect x="{x}" y="0" width="{wide}" height="{height}" fill="{colour}"/>'
            x += wide + 16 + seed[10 + bar] % 16
    elif medium == "game":
        for row in range(min((height - MARGIN - top) // GRID, 4)):
            for column in range((width - 2 * MARGIN) // GRID + 1):
                if seed[(row * 10 + column) % len(seed)] % 3:
                    x, y = MARGIN + column * GRID, height - MARGIN - row * GRID - TILE
                    yield f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" fill="{colour}"/>'
    else:
        for leaf in range(min((height - MARGIN - top) // 26, 9)):
            inset = (seed[leaf] % 5) * 34
            y = height - MARGIN - 26 * leaf - 8
            yield f'<rect x="{MARGIN}" y="{y}" width="{width - 2 * MARGIN - inset}" height="8" fill="{colour}"/>'


def draw_cover(*, title: str, artist: str, medium: str) -> DrawnCover:
    """Lay out the cover of a work without one. The seed is the words alone, so that it never changes."""
    width, height = SHAPES.get(medium, SHAPES["music"])
    seed = hashlib.sha256(f"{title}\0{artist}".encode()).digest()
    ground, ink, second = PRESSES[seed[0] % len(PRESSES)]
    room = (width if medium != "video" else width // 2 + MARGIN // 2) - 2 * MARGIN
    most = (height * 55 // 100, room)
    size, lines = SIZES[-1], break_lines(title, width_em=room / SIZES[-1])
    for candidate in SIZES:
        broken = break_lines(title, width_em=room / candidate)
        if len(broken) * candidate * 1.05 <= most[0] and all(text_width(line) * candidate <= most[1] for line in broken):
            size, lines = candidate, broken
            break
    shown = lines[: max(1, most[0] // size)]
    first = MARGIN + 52 + size * 80 // 100
    end = first + (len(shown) - 1) * size * 103 // 100 + size * 45 // 100
    return DrawnCover(
        width=width,
        height=height,
        ground=ground,
        ink=ink,
        second=second,
        size=size,
        lines=tuple((first + index * size * 103 // 100, line) for index, line in enumerate(shown)),
        artist=artist,
        artist_y=MARGIN + 18,
        motif=tuple(draw_motif(medium, seed=seed, box=(width, height, end), colour=second)),
    )


def cover_svg(*, title: str, artist: str, medium: str) -> str:
    """Return the drawn cover as a picture of its own, for `<img>`, feeds and lock screens."""
    cover = draw_cover(title=title, artist=artist, medium=medium)
    words = "".join(
        f'<text x="{MARGIN}" y="{y}" font-family="Georgia, serif" font-size="{cover.size}" fill="{cover.ink}">{escape(line)}</text>'
        for y, line in cover.lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {cover.width} {cover.height}" '
        f'width="{cover.width}" height="{cover.height}"><rect width="100%" height="100%" fill="{cover.ground}"/>'
        f'{"".join(cover.motif)}<text x="{MARGIN}" y="{cover.artist_y}" font-family="Verdana, sans-serif" font-size="24" '
        f'fill="{cover.ink}">{escape(cover.artist)}</text>{words}</svg>'
    )
