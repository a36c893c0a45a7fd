"""docs/operations.md names every variable that the settings read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ_BY = ("mediaplatform/settings/base.py", "mediaplatform/infrastructure/objectstore.py")


def variables_read() -> set[str]:
    source = "\n".join((ROOT / path).read_text() for path in READ_BY)
    return set(re.findall(r"""\benv(?:iron)?\.\w+\(\s*"([A-Z][A-Z0-9_]+)\"""", source))


def variables_named() -> set[str]:
    page = (ROOT / "docs" / "operations.md").read_text()
    production = page.partition("## In production")[2]
    first_cells = re.findall(r"^\| (`[^|]+) \|", production, re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}


def test_each_variable_is_explained() -> None:
    assert variables_read() - variables_named() == set()


def test_no_variable_is_explained_that_nobody_reads() -> None:
    assert variables_named() - variables_read() == set()
