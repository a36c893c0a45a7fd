"""Covers for works that came without one, drawn from the title and the medium: the same for the same work."""

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
GRID, TILE, LEAF = 54, 36, 26
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
    return sum(
        NARROW if c in "ijltfr.,;:'’!| -" else WIDE if c in "mwMWÆŒæœ" or c.isupper() else USUAL for c in text
    )


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
    """Yield the shapes of a medium's ornament. `box` is (width, height, top): they stay below `top`.

    A film's stands beside the title and takes the whole height.
    """
    width, height, top = box
    if medium == "music":
        centre, step = width * (38 + seed[1] % 24) // 100, (height - top) // 7
        for ring in range(1, 7):
            thick = 3 + seed[3 + ring] % 4 * step // 8
            circle = f'<circle cx="{centre}" cy="{height}" r="{ring * step}" fill="none"'
            yield f'{circle} stroke="{colour}" stroke-width="{thick}"/>'
    elif medium == "video":
        x = width // 2 + MARGIN
        for bar in range(9):
            wide = 12 + seed[1 + bar] % 34
            yield _rectangle(x, 0, wide, height, colour)
            x += wide + 16 + seed[10 + bar] % 16
    elif medium == "game":
        for row in range(min((height - MARGIN - top) // GRID, 4)):
            for column in range((width - 2 * MARGIN) // GRID + 1):
                if seed[(row * 10 + column) % len(seed)] % 3:
                    x, y = MARGIN + column * GRID, height - MARGIN - row * GRID - TILE
                    yield _rectangle(x, y, TILE, TILE, colour)
    else:
        for leaf in range(min((height - MARGIN - top) // LEAF, 9)):
            wide = width - 2 * MARGIN - (seed[leaf] % 5) * 34
            yield _rectangle(MARGIN, height - MARGIN - LEAF * leaf - 8, wide, 8, colour)


def _rectangle(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


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
        if len(broken) * candidate * 1.05 <= most[0] and all(
            text_width(line) * candidate <= most[1] for line in broken
        ):
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
    width, height = cover.width, cover.height
    words = [("Verdana, sans-serif", 24, cover.artist_y, cover.artist)]
    words += [("Georgia, serif", cover.size, y, line) for y, line in cover.lines]
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
            f' width="{width}" height="{height}">',
            f'<rect width="{width}" height="{height}" fill="{cover.ground}"/>',
            *cover.motif,
            *(
                f'<text x="{MARGIN}" y="{y}" font-family="{face}" font-size="{size}"'
                f' fill="{cover.ink}">{escape(text)}</text>'
                for face, size, y, text in words
            ),
            "</svg>",
        ]
    )
