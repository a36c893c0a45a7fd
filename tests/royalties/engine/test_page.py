"""The numbers of docs/algorithms/cct.md, read from the page, are what the engine pays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mediaplatform.kernel.apportion import apportion
from royalties.engine.policy import CCT, parse_policy
from tests.royalties.runs.test_worked_month import HEARD, amounts, plays_of, run, write_month

PAGE = (Path(__file__).parents[3] / "docs" / "algorithms" / "cct.md").read_text("utf-8")


def read_table(name: str) -> list[list[str]]:
    """Return the cells of the rows below a table's mark."""
    rows = PAGE.split(f"<!-- table: {name} -->")[1].strip().split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def read_pairs(text: str) -> dict[str, int]:
    return {name: int(value) for name, value in (pair.split(" ") for pair in text.split(", "))}


@pytest.mark.parametrize(("total", "weights", "parts"), read_table("apportion"))
def test_the_page_divides_as_the_kernel(total: str, weights: str, parts: str) -> None:
    assert apportion(int(total), read_pairs(weights)) == read_pairs(parts)


@pytest.mark.parametrize(("envelope", "lines"), read_table("month"))
def test_the_page_pays_as_the_engine(envelope: str, lines: str, tmp_path: Path) -> None:
    name, _comma, mode = envelope.partition(", ")
    policy = parse_policy({**CCT.as_json(), "usage_mode": mode}) if mode else CCT
    wanted = {}
    for line, micros in read_pairs(lines).items():
        resource, payee = re.fullmatch(r"(\d+|-)/(\d+)", line).groups()  # type: ignore[union-attr]
        wanted[None if resource == "-" else int(resource), int(payee)] = micros
    month = write_month(tmp_path / "month", plays=plays_of(HEARD))
    assert amounts(run(month, policy), name) == wanted
