"""Prints the Typst drawings of this folder, with fonts that come as packages: the same picture anywhere."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

DRAWINGS = Path(__file__).parent
FONT_PACKAGES = ("font_hanken_grotesk", "font_source_serif_pro", "font_fjallaone")
PIXELS_PER_INCH = 144  # two pixels a typographic point


class FontsMissing(Exception):
    """The demo's font packages are not installed."""


@cache
def find_fonts() -> typst.Fonts:
    """Return the fonts of the demo's drawings and pages. Raises: FontsMissing."""
    folders = []
    for name in FONT_PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise FontsMissing(
                f"{name.replace('_', '-')} is not installed: the demo needs the `embedded` extra"
            )
        folders.append(str(Path(spec.origin).parent / "files"))
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def print_drawing(name: str, *, ppi: int = PIXELS_PER_INCH, **inputs: str) -> bytes:
    """Return a drawing as PNG. An album is 1400 x 1400, a book or film 1200 x 1800 pixels.

    Raises:
        FontsMissing: the `embedded` extra is not installed.
        TypeError: the drawing has several pages.
    """
    compiler = typst.Compiler(
        str(DRAWINGS / f"{name}.typ"), root=str(DRAWINGS), font_paths=find_fonts(), sys_inputs=inputs
    )
    page = compiler.compile(format="png", ppi=ppi)
    if not isinstance(page, bytes):
        raise TypeError(f"{name}.typ is not one page")
    return page
