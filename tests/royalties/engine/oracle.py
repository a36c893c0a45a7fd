"""The calculation again, by the steps of docs/algorithms/cct.md, in plain Python: slow, and written apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import isqrt
from typing import Any

Rows = list[dict[str, Any]]
Line = tuple[int | None, str, int | None, int]
SHARED = ("epci", "departement", "region", "country")


def divide(total: int, weights: Mapping[Any, int]) -> dict[Any, int]:
    """Divide by largest remainder, ties to the smaller key."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {key: total * weight // whole for key, weight in weights.items()}
    ranked = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in ranked[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def compute(
    tables: Mapping[str, Rows], rules: Mapping[str, Any], fund: int
) -> tuple[dict[Line, int], dict[int, int], int]:
    """Return the lines, the reserve carried out of each library, and what stays in the fund."""
    resources = {row["resource_id"]: row for row in tables["resources"]}
    shares = _shares(tables["shares"])
    heard_by_patron = quantities(tables["plays"], resources, rules)
    lines: Counter[Line] = Counter()
    reserves: dict[int, int] = {}
    heard: Counter[int] = Counter()
    catalogue_of: dict[int, int] = {}
    pooled: dict[int, int] = {}
    for library in tables["libraries"]:
        number = library["library_id"]
        own_quantities = {key[1:]: value for key, value in heard_by_patron.items() if key[0] == number}
        envelopes = divide(library["revenue_micros"], rules["envelopes_bp"])
        catalogue_of[number] = envelopes.get("catalogue", 0)
        fund += envelopes.get("solidarity", 0)
        reserve = 0

        by_pair, kept_back, unspent = _usage(envelopes.get("usage", 0), own_quantities, shares, rules)
        usage: Counter[int] = Counter()
        for (resource, _payee), amount in by_pair.items():
            usage[resource] += amount
        if rules["usage_mode"] == "pooled":  # paid from the pool below; here only what the territory follows
            pooled[number] = envelopes.get("usage", 0)
        else:
            reserve += unspent
            lines.update({(number, "usage", *pair): amount for pair, amount in by_pair.items()})

        local = _local_weights(usage, shares, tables, number, rules)
        total = envelopes.get("territory", 0) + library["reserve_micros"]
        by_resource = divide(total, {one: amount * sum(local[one].values()) for one, amount in usage.items()})
        reserve += total - sum(by_resource.values())
        local_parts = _among_payees(by_resource, local)
        lines.update({(number, "territory", *pair): part for pair, part in local_parts.items()})

        listeners = _listeners(own_quantities, shares)
        heard.update(listeners)
        weights = {payee: _audience_weight(count, rules) for payee, count in listeners.items()}
        total = envelopes.get("diversity", 0) + kept_back
        parts = divide(total, weights)
        reserve += total - sum(parts.values())
        lines.update({(number, "diversity", None, payee): part for payee, part in parts.items()})
        reserves[number] = reserve

    parts = divide(sum(catalogue_of.values()), _catalogue_weights(shares, resources, rules))
    lines.update({(None, "catalogue", None, payee): part for payee, part in parts.items()})
    by_resource = divide(sum(pooled.values()), _heard_by_all(heard_by_patron))
    lines.update({(None, "usage", *pair): part for pair, part in _among_payees(by_resource, shares).items()})
    for given, of_libraries in ((parts, catalogue_of), (by_resource, pooled)):
        for library_id, amount in () if given else of_libraries.items():
            reserves[library_id] += amount

    needs = _needs(lines, heard, rules)
    for payee, part in (needs if sum(needs.values()) <= fund else divide(fund, needs)).items():
        lines[None, "floor", None, payee] += part
        fund -= part
    return {line: amount for line, amount in lines.items() if amount}, reserves, fund


def _shares(rows: Rows) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row["share_bp"]:
            found[row["resource_id"]][row["payee_id"]] = row["share_bp"]
    return found


def quantities(
    plays: Rows, resources: Mapping[int, Any], rules: Mapping[str, Any]
) -> Counter[tuple[int, int, int]]:
    """Return the measure times the medium's weight by (library, patron, resource), after the daily caps."""
    days: dict[tuple[int, int, int, Any], list[int]] = defaultdict(list)
    for play in plays:
        resource = resources[play["resource_id"]]
        needed = rules["qualify_s"][resource["medium"]]
        if resource["duration_s"] is not None:
            needed = min(needed, resource["duration_s"])
        if play["status"] == "counted" and play["seconds"] >= needed:
            key = (play["library_id"], play["patron"], play["resource_id"], play["started_at"].date())
            days[key].append(play["seconds"])
    found: Counter[tuple[int, int, int]] = Counter()
    for (library, patron, resource_id, _day), seconds in days.items():
        resource, cap = resources[resource_id], rules["daily_cap"]
        measured = min(len(seconds), cap)
        if rules["measure"] == "seconds":
            measured = sum(seconds)
            if resource["duration_s"] is not None:
                measured = min(measured, cap * resource["duration_s"])
        found[library, patron, resource_id] += measured * rules["medium_weight"][resource["medium"]]
    return found


def _usage(
    envelope: int,
    quantities: Mapping[tuple[int, int], int],
    shares: Mapping[int, Mapping[int, int]],
    rules: Mapping[str, Any],
) -> tuple[Counter[tuple[int, int]], int, int]:
    """Return the amount by (resource, payee), what the cap kept back, and what nobody could get."""
    quantities = {key: quantity for key, quantity in quantities.items() if quantity}
    amounts: Counter[int] = Counter()
    by_pair: Counter[tuple[int, int]] = Counter()
    kept_back = 0
    if rules["usage_mode"] in ("pro_rata", "pooled"):
        totals: Counter[int] = Counter()
        for (_patron, resource), quantity in quantities.items():
            totals[resource] += quantity
        amounts.update(divide(envelope, totals))
    else:
        budgets = divide(envelope, {patron: 1 for patron, _resource in quantities})
        for patron, budget in budgets.items():
            limit = rules["patron_budget_max"]
            spent = budget if limit is None else min(budget, limit)
            kept_back += budget - spent
            own = {resource: quantity for (who, resource), quantity in quantities.items() if who == patron}
            if rules["usage_mode"] == "user_centric":
                amounts.update(divide(spent, own))
                continue
            payees = {payee for resource in own for payee in shares[resource]}
            for payee, part in divide(spent, dict.fromkeys(payees, 1)).items():
                theirs = {
                    resource: quantity for resource, quantity in own.items() if payee in shares[resource]
                }
                for resource, micros in divide(part, theirs).items():
                    by_pair[resource, payee] += micros
    by_pair.update(_among_payees(amounts, shares))
    return by_pair, kept_back, envelope - kept_back - sum(by_pair.values())


def _among_payees(
    amounts: Mapping[int, int], weights: Mapping[int, Mapping[int, int]]
) -> dict[tuple[int, int], int]:
    """Divide each resource's amount over its payees."""
    return {
        (resource, payee): part
        for resource, amount in amounts.items()
        for payee, part in divide(amount, weights[resource]).items()
    }


def _local_weights(
    used: Iterable[int],
    shares: Mapping[int, Mapping[int, int]],
    tables: Mapping[str, Rows],
    library: int,
    rules: Mapping[str, Any],
) -> dict[int, dict[int, int]]:
    """Return share times nearness to the library, by resource and payee."""
    ladder = [row for row in tables["territories"] if row["library_id"] == library]
    near = {
        payee["payee_id"]: rules["proximity_weight"][_proximity(payee, ladder)] for payee in tables["payees"]
    }
    return {one: {payee: bp * near[payee] for payee, bp in shares[one].items()} for one in used}


def _listeners(
    quantities: Iterable[tuple[int, int]], shares: Mapping[int, Mapping[int, int]]
) -> dict[int, int]:
    """Return how many patrons heard each payee."""
    found: dict[int, set[int]] = defaultdict(set)
    for patron, resource in quantities:
        for payee in shares[resource]:
            found[payee].add(patron)
    return {payee: len(patrons) for payee, patrons in found.items()}


def _audience_weight(listeners: int, rules: Mapping[str, Any]) -> int:
    return {"0": 1, "1/2": isqrt(listeners * 10**6), "1": listeners}[rules["diversity_exponent"]]


def _catalogue_weights(
    shares: Mapping[int, Mapping[int, int]], resources: Mapping[int, Any], rules: Mapping[str, Any]
) -> dict[int, int]:
    """Return the distinct releases of each payee, up to the cap."""
    releases: dict[int, set[int]] = defaultdict(set)
    for resource, split in shares.items():
        for payee in split:
            releases[payee].add(resources[resource]["release_id"])
    return {payee: min(len(found), rules["catalogue_cap"]) for payee, found in releases.items()}


def _heard_by_all(heard_by_patron: Mapping[tuple[int, int, int], int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (_library, _patron, resource), quantity in heard_by_patron.items():
        found[resource] += quantity
    return found


def _needs(lines: Mapping[Line, int], heard: Mapping[int, int], rules: Mapping[str, Any]) -> dict[int, int]:
    """Return what each payee lacks of the floor, of those whom enough patrons heard."""
    gross: Counter[int] = Counter()
    for (_place, _envelope, _resource, payee), amount in lines.items():
        gross[payee] += amount
    return {
        payee: rules["floor"] - amount
        for payee, amount in gross.items()
        if 0 < amount < rules["floor"] and heard[payee] >= rules["floor_min_patrons"]
    }


def _proximity(payee: Mapping[str, Any], ladder: Rows) -> str:
    if any(row["own"] and payee[row["level"]] == row["code"] for row in ladder):
        return "own"
    for level in SHARED:
        if any(row["level"] == level and payee[level] == row["code"] for row in ladder):
            return level
    return "abroad"
