"""What holds of every month, whatever is in it (docs/algorithms/cct.md)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mediaplatform.kernel.apportion import apportion
from royalties.engine.policy import CCT, ENVELOPES, POOLED
from tests.royalties.files import Tables, compute
from tests.royalties.generated import RULES, SHAPES, START, months

pytestmark = pytest.mark.slow
QUIET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
RULES_NOW = CCT.as_json()
# Nothing but seconds counts, and all of them do.
BARE = RULES_NOW | {
    "qualify_s": {"music": 0, "video": 0, "book": 0, "game": 0},
    "daily_cap": 1_000_000,
    "patron_budget_max": None,
}


@QUIET
@given(tables=months(), changes=RULES, fund=st.sampled_from([0, 1, 10**9]))
def test_every_micro_that_came_in_went_somewhere(tables: Tables, changes: dict[str, Any], fund: int) -> None:
    rules = RULES_NOW | changes
    paid = compute(tables, rules, fund=fund)
    assert all(micros > 0 for micros in paid.lines.values())
    assert all(micros >= 0 for row in paid.libraries.values() for micros in row.values())

    own: Counter[int] = Counter()
    for (number, _envelope, _resource, _payee), micros in paid.lines.items():
        if number is not None:
            own[number] += micros
    for library in tables["libraries"]:
        totals = paid.libraries[library["library_id"]]
        elsewhere = totals["usage"] if rules["usage_mode"] == POOLED else 0
        went = own[library["library_id"]] + elsewhere
        went += sum(totals[name] for name in ("operations", "solidarity", "catalogue", "reserve_micros"))
        assert went == library["revenue_micros"] + library["reserve_micros"]

    came_in = fund + sum(row["revenue_micros"] + row["reserve_micros"] for row in tables["libraries"])
    stays = ("envelope_operations_micros", "reserve_out_micros", "fund_out_micros")
    assert came_in == sum(paid.lines.values()) + sum(paid.totals[name] for name in stays)


@QUIET
@given(tables=months(), changes=RULES)
def test_no_envelope_pays_more_than_it_holds(tables: Tables, changes: dict[str, Any]) -> None:
    rules = RULES_NOW | changes
    paid = compute(tables, rules)
    reserve_in = sum(row["reserve_micros"] for row in tables["libraries"])
    for name in set(ENVELOPES[2:]):
        held = sum(
            apportion(row["revenue_micros"], rules["envelopes_bp"]).get(name, 0)
            for row in tables["libraries"]
        )
        if name == "diversity":  # with what the patrons' cap kept back
            held += paid.totals["envelope_usage_micros"]
        assert paid.totals[f"paid_{name}_micros"] <= held + (reserve_in if name == "territory" else 0)


@QUIET
@given(tables=months(), factor=st.integers(2, 50), who=st.integers(0, 5))
def test_listening_longer_to_the_same_changes_nothing(tables: Tables, factor: int, who: int) -> None:
    for resource in tables["resources"]:
        resource["duration_s"] = None
    before = compute(tables, BARE)
    for play in tables["plays"]:
        if play["patron"] == who * 1_000_003:
            play["seconds"] *= factor
    assert compute(tables, BARE).lines == before.lines


@QUIET
@given(
    heard=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(1, 5_000)), min_size=1),
    more=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5_000)), min_size=1),
    revenue=st.integers(0, 10**12),
)
def test_what_one_patron_plays_more_takes_nothing_from_another(
    heard: list[tuple[int, int, int]], more: list[tuple[int, int]], revenue: int
) -> None:
    """Each patron hears works of their own, so that a work's amount is a part of its one listener."""
    loud = heard[0][0]
    before = usage_of_works(heard, revenue)
    after = usage_of_works(heard + [(loud, work, seconds) for work, seconds in more], revenue)
    others = {work for patron, number, _seconds in heard for work in [patron * 3 + number] if patron != loud}
    assert {work: after.get(work, 0) for work in others} == {work: before.get(work, 0) for work in others}
    assert sum(after.values()) == sum(before.values())


def usage_of_works(heard: list[tuple[int, int, int]], revenue: int) -> dict[int, int]:
    tables: Tables = {
        "plays": [
            {
                "library_id": 1,
                "patron": patron,
                "resource_id": patron * 3 + number,
                "started_at": START + timedelta(minutes=minute),
                "seconds": seconds,
                "status": "counted",
            }
            for minute, (patron, number, seconds) in enumerate(heard)
        ],
        "resources": [
            {"resource_id": number, "release_id": 0, "medium": "music", "duration_s": None}
            for number in range(12)
        ],
        "shares": [{"resource_id": number, "payee_id": 1, "share_bp": 10_000} for number in range(12)],
        "payees": [{"payee_id": 1}],
        "libraries": [{"library_id": 1, "revenue_micros": revenue, "reserve_micros": 0}],
        "territories": [],
    }
    lines = compute(tables, BARE).envelope("usage")
    return {
        resource: micros for (_library, resource, _payee), micros in lines.items() if resource is not None
    }


@QUIET
@given(tables=months())
def test_exponent_0_pays_equally_and_1_by_listeners(tables: Tables) -> None:
    equal = compute(tables, RULES_NOW | {"diversity_exponent": "0"}).envelope("diversity")
    by_listeners = compute(tables, RULES_NOW | {"diversity_exponent": "1"}).envelope("diversity")
    audience = listeners(tables)
    for library in {row["library_id"] for row in tables["libraries"]}:
        same = [micros for (number, _none, _payee), micros in equal.items() if number == library]
        assert not same or max(same) - min(same) <= 1
        parts = {
            payee: micros for (number, _none, payee), micros in by_listeners.items() if number == library
        }
        weights = {payee: count for (number, payee), count in audience.items() if number == library}
        whole = {payee: micros for payee, micros in apportion(sum(parts.values()), weights).items() if micros}
        assert parts == whole


def listeners(tables: Tables) -> Counter[tuple[int, int]]:
    """Return the distinct patrons of each (library, payee), of plays that count."""
    resources = {row["resource_id"]: row for row in tables["resources"]}
    pairs = set()
    for play in tables["plays"]:
        resource = resources[play["resource_id"]]
        needed = CCT.qualify_s[resource["medium"]]
        if resource["duration_s"] is not None:
            needed = min(needed, resource["duration_s"])
        if play["status"] == "counted" and play["seconds"] >= needed:
            pairs |= {
                (play["library_id"], share["payee_id"], play["patron"])
                for share in tables["shares"]
                if share["resource_id"] == play["resource_id"] and share["share_bp"]
            }
    return Counter((library, payee) for library, payee, _patron in pairs)


@QUIET
@given(tables=months(SHAPES["one patron"]), weight=st.integers(1, 1_000_000))
def test_equal_weights_make_territory_follow_usage(tables: Tables, weight: int) -> None:
    rules = RULES_NOW | {"proximity_weight": dict.fromkeys(CCT.proximity_weight, weight)}
    paid = compute(tables, rules)
    used, local = Counter[int | None](), Counter[int | None]()
    for (_library, resource, _payee), micros in paid.envelope("usage").items():
        used[resource] += micros
    for (_library, resource, _payee), micros in paid.envelope("territory").items():
        local[resource] += micros
    assume(used)
    parts = apportion(sum(local.values()), {resource or 0: micros for resource, micros in used.items()})
    assert {resource or 0: micros for resource, micros in local.items()} == {
        resource: micros for resource, micros in parts.items() if micros
    }
