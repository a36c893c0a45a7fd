"""Facets: what a list can be narrowed by, and how many works each value leaves. Pure.

Several values of one facet widen it (OR), different facets narrow each other (AND), and a facet's values are
counted as if nothing were chosen in it: what a further click would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from catalog.works.search.ranking import Ladder
from mediaplatform.kernel.territories import DEPARTEMENT, EPCI, OWN, REGION

MEDIUM, AGE, NEAR, SUBJECT, LANGUAGE, DECADE, ACCESS = FACETS = (
    "medium",
    "age",
    "near",
    "subject",
    "language",
    "decade",
    "access",
)
LETTERS = {MEDIUM: "m", SUBJECT: "s", LANGUAGE: "l", DECADE: "y", ACCESS: "x"}
BY_LETTER = {letter: facet for facet, letter in LETTERS.items()}
AGES = (3, 6, 10, 13, 16)
WITHIN = (OWN, EPCI, DEPARTEMENT, REGION)

Chosen = Mapping[str, Sequence[str]]


def tags_of(facet: str, value: str, ladder: Ladder) -> list[str]:
    """Return the tags of which a work needs one to be within a value; none: nothing is.

    `age` 6 is what suits a child of six: rated 0 to 6. `near` epci is what comes from there, the town included.
    """
    if facet == AGE:
        return [f"a:{age}" for age in range(int(value) + 1)] if value in {str(age) for age in AGES} else []
    if facet == NEAR:
        return ladder.tags_of(value) if value in WITHIN else []
    return [f"{LETTERS[facet]}:{value}"]


def wanted(chosen: Chosen, ladder: Ladder) -> dict[str, frozenset[str]]:
    """Return for each facet with a choice the tags of which a work needs one."""
    return {
        facet: frozenset(tag for value in values for tag in tags_of(facet, value, ladder))
        for facet, values in chosen.items()
        if values
    }


def keep(rows: Iterable[AbstractSet[str]], chosen: Chosen, ladder: Ladder) -> list[bool]:
    """Tell of each work's tags whether it is within all choices."""
    needed = wanted(chosen, ladder).values()
    return [all(not tags.isdisjoint(row) for tags in needed) for row in rows]


def count(rows: Iterable[AbstractSet[str]], chosen: Chosen, ladder: Ladder) -> dict[str, Counter[str]]:
    """Count the works (their tags) by facet and value, each facet without its own choice.

    >>> rows = [{"m:music", "l:fr"}, {"m:book", "l:fr"}, {"m:book", "l:br"}]
    >>> found = count(rows, {"medium": ["music"]}, Ladder(frozenset(), ()))
    >>> found["medium"], found["language"]
    (Counter({'book': 2, 'music': 1}), Counter({'fr': 1}))
    """
    needed = wanted(chosen, ladder)
    within: list[AbstractSet[str]] = []
    but_for: dict[str, list[AbstractSet[str]]] = {facet: [] for facet in needed}
    for row in rows:
        missed = [facet for facet, tags in needed.items() if tags.isdisjoint(row)]
        if not missed:
            within.append(row)
        elif len(missed) == 1:
            but_for[missed[0]].append(row)
    counts = _by_facet(within, ladder)
    for facet, others in but_for.items():
        counts[facet] += _by_facet(others, ladder)[facet]
    return counts


def _by_facet(rows: Sequence[AbstractSet[str]], ladder: Ladder) -> dict[str, Counter[str]]:
    """Count the works by facet and value: every tag once, then each where its letter says."""
    tags = Counter(chain.from_iterable(rows))
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for tag, number in tags.items():
        if facet := BY_LETTER.get(tag[0]):
            counts[facet][tag[2:]] = number
    counts[AGE] = +Counter(
        {str(band): sum(tags[one] for one in tags_of(AGE, str(band), ladder)) for band in AGES}
    )
    near = {level: sum(tags[one] for one in ladder.tags_of(level)) for level in WITHIN}
    if len(ladder.own) > 1:  # a work may bear several of them
        near[OWN] = sum(not ladder.own.isdisjoint(row) for row in rows)
    counts[NEAR] = +Counter(near)
    return counts
