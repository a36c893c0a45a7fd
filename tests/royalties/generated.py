"""Months of every shape for the calculation: their six tables as rows, and the rules to compute them by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from royalties.engine.policy import CCT, HISTORICAL, MEDIA, POOLED, PRO_RATA, SHAPLEY, USER_CENTRIC
from tests.royalties.files import Tables

LEVELS = ("commune", "epci", "departement", "region", "country")
SOURCE = st.integers(0, 2**32).map(Random)
START = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shape:
    """How large a month is drawn (least, most), and from what its numbers are chosen."""

    resources: tuple[int, int] = (1, 12)
    payees: tuple[int, int] = (1, 9)
    libraries: tuple[int, int] = (1, 4)
    patrons: tuple[int, int] = (1, 6)
    plays: tuple[int, int] = (0, 60)
    holders: int = 3
    seconds: list[int] = field(default_factory=lambda: [0, 29, 30, 59, 60, 200, 1_000])
    revenues: list[int] = field(default_factory=lambda: [0, 1, 999_999, 55_890_410, 3_000_000_000_000])
    towns: list[str | None] = field(default_factory=lambda: [None, "1", "2"])
    first_library: float = 0.0  # the part of the plays that are its own beyond its chance


SHAPES = {
    "any": Shape(),
    "one patron": Shape(patrons=(1, 1), libraries=(1, 1)),
    "no play": Shape(plays=(0, 0)),
    "a huge pool": Shape(revenues=[2**58, 2**59 + 1], libraries=(1, 3)),
    "ties": Shape(seconds=[200], towns=["1"], revenues=[1_000_003, 7], holders=1),
    "a thousand payees": Shape(payees=(1_000, 1_000), holders=1_000, resources=(1, 2), plays=(1, 12)),
    "one large library": Shape(libraries=(3, 4), plays=(40, 80), first_library=0.93),
}


@st.composite
def months(draw: st.DrawFn, shape: Shape = SHAPES["any"]) -> Tables:
    """Draw the tables of a small month: hypothesis draws the sizes, and a seed that fills them."""
    resources, payees, libraries, patrons, plays = (
        draw(st.integers(*bounds))
        for bounds in (shape.resources, shape.payees, shape.libraries, shape.patrons, shape.plays)
    )
    random = draw(SOURCE)
    shares = []
    for resource in range(resources):
        most = min(shape.holders, payees)
        holders = random.sample(range(payees), most if most > 3 else random.randint(1, most))
        cuts = sorted(random.randint(0, 10_000) for _ in holders[1:])
        for payee, low, high in zip(holders, [0, *cuts], [*cuts, 10_000], strict=True):
            shares.append({"resource_id": resource, "payee_id": payee * 3 + 1, "share_bp": high - low})
    return {
        "plays": [
            {
                "library_id": 0 if random.random() < shape.first_library else random.randrange(libraries),
                "patron": random.randrange(patrons) * 1_000_003,
                "resource_id": min(random.randrange(resources), random.randrange(resources)),
                "started_at": START + timedelta(hours=random.randrange(60)),
                "seconds": random.choice(shape.seconds),
                "status": random.choice(["counted", "counted", "counted", "held", "double_click"]),
            }
            for _ in range(plays)
        ],
        "resources": [
            {
                "resource_id": number,
                "release_id": number // 2,
                "medium": random.choice(MEDIA),
                "duration_s": random.choice([None, 10, 45, 180]),
            }
            for number in range(resources)
        ],
        "shares": shares,
        "payees": [
            {level: random.choice(shape.towns) for level in LEVELS} | {"payee_id": number * 3 + 1}
            for number in range(payees)
        ],
        "libraries": [
            {
                "library_id": number,
                "revenue_micros": random.choice(shape.revenues),
                "reserve_micros": random.choice([0, 0, 7_000_001]),
            }
            for number in range(libraries)
        ],
        "territories": [
            {"library_id": number, "level": level, "code": random.choice("12"), "own": level == "commune"}
            for number in range(libraries)
            for level in LEVELS
        ],
    }


NO_USAGE = {**dict.fromkeys(CCT.envelopes_bp, 0), "operations": 1, "diversity": 9_999}
# Changes to the preset `cct`, every field among them.
RULES = st.fixed_dictionaries(
    {
        "envelopes_bp": st.sampled_from([CCT.envelopes_bp, HISTORICAL.envelopes_bp, NO_USAGE]),
        "usage_mode": st.sampled_from([USER_CENTRIC, PRO_RATA, POOLED, SHAPLEY]),
        "measure": st.sampled_from(["seconds", "plays"]),
        "daily_cap": st.sampled_from([1, 2, 10]),
        "patron_budget_max": st.sampled_from([None, 1_000, 20_000_000]),
        "diversity_exponent": st.sampled_from(["0", "1/2", "1"]),
        "catalogue_cap": st.sampled_from([0, 1, 20]),
        "floor": st.sampled_from([0, 1_000_000, 10**12]),
        "floor_min_patrons": st.sampled_from([1, 2]),
        "medium_weight": st.sampled_from(
            [
                dict.fromkeys(MEDIA, 1),
                {"music": 1, "video": 2, "book": 3, "game": 0},
                dict.fromkeys(MEDIA, 0),
            ]
        ),
        "proximity_weight": st.sampled_from(
            [
                {"own": 16, "epci": 8, "departement": 4, "region": 2, "country": 0, "abroad": 0},
                {"own": 1_000_000, "epci": 1, "departement": 1, "region": 1, "country": 1, "abroad": 1},
                dict.fromkeys(("own", "epci", "departement", "region", "country", "abroad"), 0),
            ]
        ),
    }
)
