"""The numbers of docs/algorithms/cct.md, read from the page, are what the engine pays."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from mediaplatform.kernel.apportion import apportion
from royalties.engine.platform import top_up
from royalties.engine.policy import CCT, ENVELOPES, EXPONENTS, HISTORICAL, parse_policy
from tests.royalties.files import Paid, Tables, compute
from tests.royalties.generated import START
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


@pytest.mark.parametrize(("example", "micros", "plays", "rule", "amounts"), read_table("outside"))
def test_the_examples_of_others_come_out(
    example: str, micros: str, plays: str, rule: str, amounts: str
) -> None:
    heard: list[tuple[str, str]] = []
    for patron, times, work in (play.split(" ") for play in plays.split(", ")):
        crowd = [f"{work}{n}" for n in range(int(patron[:-1]))] if patron.endswith("*") else [patron]
        heard += [(name, work) for name in crowd for _play in range(int(times))]
    share, how = rule.split(", ")
    name, basis_points = share.split(" ")
    rules = CCT.as_json() | {
        "envelopes_bp": dict.fromkeys(ENVELOPES, 0)
        | {"operations": 10_000 - int(basis_points), name: int(basis_points)},
        "measure": "plays",
        "daily_cap": 1_000_000,
        "patron_budget_max": None,
        "floor": 0,
        ("diversity_exponent" if how in EXPONENTS else "usage_mode"): how,
    }
    works = sorted({work for _patron, work in heard})
    paid = by_payee(compute(tables_of(heard, works, revenue=int(micros)), rules))
    assert {work: paid[works.index(work)] for work in works} == read_pairs(amounts), example


def test_the_historical_rule_pays_what_the_page_says() -> None:
    heard = [("P", "1")] * 500 + [("P", "2")] * 2_000
    tables = tables_of(heard, ["1", "2", "3"], revenue=10_000_000_000)
    # A payee's further releases, which nobody heard.
    for payee, releases in enumerate((120, 30, 10)):
        tables["resources"][payee]["release_id"] = payee
        for number in range(1, releases):
            resource = payee * 1_000 + number + 10
            tables["resources"].append(
                {**tables["resources"][0], "resource_id": resource, "release_id": resource}
            )
            tables["shares"].append({"resource_id": resource, "payee_id": payee, "share_bp": 10_000})
    rules = HISTORICAL.as_json() | {"daily_cap": 1_000_000}
    assert by_payee(compute(tables, rules)) == {0: 1_925_000_000, 1: 3_481_250_000, 2: 93_750_000}


def test_the_floor_is_shared_by_need() -> None:
    gross = np.array([54_000_000, 15_000_000, 900_000, 200_000])
    tops = top_up(gross, np.full(4, 2), fund_micros=600_000, policy=CCT)
    assert tops.tolist() == [0, 0, 66_667, 533_333]
    enough = top_up(gross, np.array([2, 2, 1, 2]), fund_micros=10**9, policy=CCT)
    assert enough.tolist() == [0, 0, 0, 800_000]  # the third was heard by one patron only


def by_payee(paid: Paid) -> Counter[int]:
    found: Counter[int] = Counter()
    for (_library, _envelope, _resource, payee), micros in paid.lines.items():
        found[payee] += micros
    return found


def tables_of(heard: list[tuple[str, str]], works: list[str], *, revenue: int) -> Tables:
    """Return a month of one library; work n belongs to payee n, and every play of a patron is a minute apart."""
    patrons = sorted({patron for patron, _work in heard})
    return {
        "plays": [
            {
                "library_id": 1,
                "patron": patrons.index(patron),
                "resource_id": works.index(work),
                "started_at": START + timedelta(minutes=minute),
                "seconds": 200,
                "status": "counted",
            }
            for minute, (patron, work) in enumerate(heard)
        ],
        "resources": [
            {"resource_id": n, "release_id": n, "medium": "music", "duration_s": 200}
            for n in range(len(works))
        ],
        "shares": [{"resource_id": n, "payee_id": n, "share_bp": 10_000} for n in range(len(works))],
        "payees": [{"payee_id": n} for n in range(len(works))],
        "libraries": [{"library_id": 1, "revenue_micros": revenue, "reserve_micros": 0}],
        "territories": [],
    }
