"""A policy: the rules of one calculation, chosen by the members for a future period.

A policy is a complete JSON document. None of its fields has a default, so that a document means the same
for ever; what is missing, unknown or out of range is refused with every fault named at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from mediaplatform.kernel import territories

BASIS_POINTS = 10_000
ENVELOPES = ("operations", "solidarity", "usage", "territory", "diversity", "catalogue")
FLOOR = "floor"  # lines that lift a payee, beside the envelopes
MEDIA = ("music", "video", "book", "game")

USER_CENTRIC, PRO_RATA, POOLED, SHAPLEY = "user_centric", "pro_rata", "pooled", "shapley"
USAGE_MODES = (USER_CENTRIC, PRO_RATA, POOLED, SHAPLEY)
SIMULATED_MODES = frozenset({POOLED, SHAPLEY})  # for comparison only: never posted
SECONDS, PLAYS = MEASURES = ("seconds", "plays")
EQUAL, ROOT, PROPORTIONAL = EXPONENTS = ("0", "1/2", "1")

MAX_MEDIUM_WEIGHT = 10
MAX_PROXIMITY_WEIGHT = 1_000_000
MAX_DAILY_CAP = 1_000_000
MAX_COUNT = 10**9
MAX_MICROS = 10**15
MAX_FLOOR = 10**12  # so that the needs of four million payees still add up in 64 bits


class PolicyRefused(ValueError):
    """The document is no policy; `faults` names all that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("the policy is refused: " + "; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one calculation; the fields are those of docs/algorithms/cct.md.

    Shares in basis points, times in seconds, `patron_budget_max` and `floor` in micros.
    """

    envelopes_bp: Mapping[str, int]
    usage_mode: str
    measure: str
    medium_weight: Mapping[str, int]
    qualify_s: Mapping[str, int]
    daily_cap: int
    patron_budget_max: int | None
    proximity_weight: Mapping[str, int]
    diversity_exponent: str
    catalogue_cap: int
    floor: int
    floor_min_patrons: int

    @property
    def is_simulation(self) -> bool:
        """Whether the usage mode serves comparison only and may not be posted."""
        return self.usage_mode in SIMULATED_MODES

    def as_json(self) -> dict[str, Any]:
        """Return the rules as plain JSON values, which `parse_policy` reads back to an equal policy."""
        return asdict(self)

    def digest(self) -> str:
        """Return the SHA-256 of the rules as canonical JSON: sorted keys, no spaces, ASCII."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


CCT = Policy(
    envelopes_bp={
        "operations": 2500,
        "solidarity": 500,
        "usage": 4000,
        "territory": 1500,
        "diversity": 1000,
        "catalogue": 500,
    },
    usage_mode=USER_CENTRIC,
    measure=SECONDS,
    medium_weight={"music": 1, "video": 1, "book": 1, "game": 1},
    qualify_s={"music": 30, "video": 60, "book": 60, "game": 60},
    daily_cap=10,
    patron_budget_max=20_000_000,
    proximity_weight={"own": 16, "epci": 8, "departement": 4, "region": 2, "country": 0, "abroad": 0},
    diversity_exponent=ROOT,
    catalogue_cap=20,
    floor=1_000_000,
    floor_min_patrons=2,
)
HISTORICAL = Policy(
    envelopes_bp={
        "operations": 3500,
        "solidarity": 1000,
        "usage": 4000,
        "territory": 0,
        "diversity": 0,
        "catalogue": 1500,
    },
    usage_mode=PRO_RATA,
    measure=PLAYS,
    medium_weight=CCT.medium_weight,
    qualify_s=CCT.qualify_s,
    daily_cap=10,
    patron_budget_max=None,
    proximity_weight=CCT.proximity_weight,
    diversity_exponent=ROOT,
    catalogue_cap=1_000_000_000,
    floor=0,
    floor_min_patrons=2,
)
PRESETS: Mapping[str, Policy] = {"cct": CCT, "historical": HISTORICAL}

# A check returns what is wrong with a value, or nothing.
Check = Callable[[object], list[str]]


def parse_policy(document: object) -> Policy:
    """Read decoded JSON, either the bare rules or `{"rules": {...}}`.

    Raises:
        PolicyRefused: with every fault at once.
    """
    faults: list[str] = []
    rules = document
    if isinstance(document, dict) and "rules" in document:
        rules = document["rules"]
        faults += [f"{name}: unknown beside rules" for name in sorted(set(document) - {"rules"})]
    if not isinstance(rules, dict):
        raise PolicyRefused([*faults, "the rules are not a JSON object"])
    known = [field.name for field in fields(Policy)]
    faults += [f"{name}: unknown field" for name in sorted(set(rules) - set(known))]
    for name in known:
        found = CHECKS[name](rules[name]) if name in rules else [": missing"]
        faults += [f"{name}{fault}" for fault in found]
        if name == "envelopes_bp" and not found:
            faults += _contradictions(rules[name])
    if faults:
        raise PolicyRefused(faults)
    owned: dict[str, Any] = {
        name: dict(value) if isinstance(value, dict) else value for name, value in rules.items()
    }
    return Policy(**owned)


def _contradictions(envelopes: Mapping[str, int]) -> list[str]:
    """Return what single envelopes can't show."""
    whole = sum(envelopes.values())
    faults = []
    if whole != BASIS_POINTS:
        faults.append(f"envelopes_bp: sums to {whole}, not to {BASIS_POINTS}")
    if envelopes["territory"] and not envelopes["usage"]:
        faults.append("envelopes_bp: territory follows usage, so it must be 0 where usage is 0")
    return faults


def _whole(low: int, high: int) -> Check:
    def check(value: object) -> list[str]:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return []
        return [f": {value!r} is not a whole number from {low} to {high}"]

    return check


def _whole_or_null(low: int, high: int) -> Check:
    whole = _whole(low, high)
    return lambda value: [] if value is None else [f"{fault} or null" for fault in whole(value)]


def _one_of(*choices: str) -> Check:
    return lambda value: [] if value in choices else [f": {value!r} is not one of {', '.join(choices)}"]


def _each(keys: tuple[str, ...], high: int) -> Check:
    whole = _whole(0, high)

    def check(value: object) -> list[str]:
        if not isinstance(value, dict):
            return [f": {value!r} is not an object with {', '.join(keys)}"]
        faults = [f".{key}: unknown" for key in sorted(set(value) - set(keys))]
        for key in keys:
            found = whole(value[key]) if key in value else [": missing"]
            faults += [f".{key}{fault}" for fault in found]
        return faults

    return check


CHECKS: Mapping[str, Check] = {
    "envelopes_bp": _each(ENVELOPES, BASIS_POINTS),
    "usage_mode": _one_of(*USAGE_MODES),
    "measure": _one_of(*MEASURES),
    "medium_weight": _each(MEDIA, MAX_MEDIUM_WEIGHT),
    "qualify_s": _each(MEDIA, MAX_COUNT),
    "daily_cap": _whole(1, MAX_DAILY_CAP),
    "patron_budget_max": _whole_or_null(0, MAX_MICROS),
    "proximity_weight": _each(territories.PROXIMITIES, MAX_PROXIMITY_WEIGHT),
    "diversity_exponent": _one_of(*EXPONENTS),
    "catalogue_cap": _whole(0, MAX_COUNT),
    "floor": _whole(0, MAX_FLOOR),
    "floor_min_patrons": _whole(0, MAX_COUNT),
}
