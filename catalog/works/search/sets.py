"""Sets of search documents: conditions of SQL over `catalog_searchdocument` as `d`, and their values. Pure.

A search asks for a dozen sets; Django's compiler would take ten milliseconds to write them. Where a set names what may
be seen, it takes the statement of `Release.visible_to` as Django writes it, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.works.search.typed import Typed

SIMPLE = "to_tsquery('catalog_simple', %s)"
WHOLE = f"({SIMPLE} || plainto_tsquery('catalog_french', %s))"
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A tsquery: its expression in SQL and the values in it."""

    sql: str
    values: Values

    def __and__(self, other: Words) -> Words:
        return Words(f"({self.sql} && {other.sql})", self.values + other.values)


@dataclass(frozen=True, slots=True)
class Documents:
    """The search documents that meet every condition."""

    conditions: tuple[str, ...] = ()
    values: Values = ()

    def keep(self, condition: str, *values: Any) -> Documents:
        """Keep of them what meets one more condition."""
        return Documents((*self.conditions, condition), self.values + values)

    def bearing_any(self, tags: Iterable[str]) -> Documents:
        """Keep what bears one of some tags."""
        return self.keep("d.tags && %s::text[]", sorted(tags))

    def saying(self, words: Words) -> Documents:
        """Keep what has the words anywhere."""
        return self.keep(f"d.words @@ {words.sql}", *words.values)

    def named(self, words: Words) -> Documents:
        """Keep what has the words in its title or its creators' names."""
        return self.keep(f"d.names @@ {words.sql}", *words.values)

    def called(self, key: str) -> Documents:
        """Keep what has this very title, or a creator of this very name."""
        return self.keep("(d.title_key = %s OR d.tags @> %s::text[])", key, [f"n:{key}"])

    def titled(self, beginning: str) -> Documents:
        """Keep what has a title that begins so; a key has no sign that LIKE knows."""
        return self.keep("d.title_key LIKE %s", f"{beginning}%")

    def in_spans(self, spans: Sequence[int]) -> Documents:
        """Keep what lies in one of some spans (catalog.works.search.spans)."""
        return self.keep("d.spans && %s::int[]", spans)

    def either(self, *sets: Documents) -> Documents:
        """Keep what is in one of some sets."""
        one_of = " OR ".join(f"({one.where})" for one in sets)
        return self.keep(f"({one_of})", *(value for one in sets for value in one.values))

    @property
    def where(self) -> str:
        return " AND ".join(self.conditions) or "true"


def whole(typed: Typed) -> Words:
    """All words as written, the last one too, or their French stems."""
    return Words(WHOLE, (typed.as_written, typed.key))


def as_far_as_typed(typed: Typed) -> Words:
    """All words as written, the last as far as it is typed, or their French stems: to rank, not to find by."""
    return Words(WHOLE, (typed.as_far_as_typed, typed.key))


def any_of(words: Iterable[str]) -> Words:
    """One of some words as written."""
    return Words(SIMPLE, (" | ".join(f"'{word}'" for word in words),))
