"""Facets: what a list can be narrowed by, and how many works each value leaves. Pure.

Several values of one facet widen it (OR), different facets narrow each other (AND), and a facet's values are
counted as if nothing were chosen in it: what a further click would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

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
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for row in rows:
        missed = [facet for facet, tags in needed.items() if tags.isdisjoint(row)]
        if not missed:
            _add(counts, row, ladder, FACETS)
        elif len(missed) == 1:
            _add(counts, row, ladder, missed)
    return counts


def _add(counts: dict[str, Counter[str]], row: AbstractSet[str], ladder: Ladder, only: Sequence[str]) -> None:
    """Count one work in some facets; a tag counts where its letter says."""
    ages, every = None, len(only) == len(FACETS)
    for tag in row:
        letter, value = tag[0], tag[2:]
        facet = BY_LETTER.get(letter)
        if facet is not None:
            if every or facet in only:
                counts[facet][value] += 1
        elif letter == "a" and value != "none":
            ages = int(value)
    if ages is not None and AGE in only:
        counts[AGE].update(str(band) for band in AGES if ages <= band)
    if NEAR in only:
        counts[NEAR].update(level for level in WITHIN if any(tag in row for tag in ladder.tags_of(level)))
