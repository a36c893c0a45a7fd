"""How many works were published since an instant, and how many titles lie between two.

What is known here decides how much is read, never what is found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.db import connection

from catalog.models.search import SearchDocument

FIRST, MOST = 1_024, 11
GOOD_FOR = timedelta(minutes=10)
TITLES = """
SELECT histogram_bounds::text::text[], reltuples FROM pg_stats, pg_class
WHERE schemaname = current_schema AND tablename = 'catalog_searchdocument' AND attname = 'title_key'
    AND pg_class.oid = 'catalog_searchdocument'::regclass
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """About `works` documents were published since `begin`."""

    begin: datetime
    works: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """About `works` documents have a title before `end` and at or after some other."""

    end: str
    works: int


def before(as_of: datetime) -> Iterator[Layer]:
    """Yield the layers of what was published until an instant, the smallest first; less than one is none."""
    for number in range(MOST):
        if (layer := _measure(_rounded(as_of), number, FIRST)) is None:
            return
        yield layer


def titles(since: str, as_of: datetime) -> Iterator[Stretch]:
    """Yield stretches of the alphabet that begin with a title: of a hundredth of all works, then twice as many.

    The database's own statistics know them; without statistics there are none.
    """
    known = _measure_titles(_rounded(as_of))
    first = bisect_right(known.bounds, since)
    for number in range(len(known.bounds).bit_length()):
        if (after := first + 2**number - 1) < len(known.bounds):
            yield Stretch(known.bounds[after], known.works * 2**number)


def forget() -> None:
    """Measure anew: for tests, whose catalogues don't live for ten minutes."""
    _measure.cache_clear()
    _measure_titles.cache_clear()


def _rounded(as_of: datetime) -> datetime:
    return as_of - (as_of - datetime.min.replace(tzinfo=UTC)) % GOOD_FOR


@lru_cache(maxsize=256)
def _measure(as_of: datetime, number: int, first: int) -> Layer | None:
    inner = _measure(as_of, number - 1, first) if number else Layer(as_of, 0)
    if inner is None:
        return None
    works = first * 2**number
    older = SearchDocument.objects.filter(published_at__lte=inner.begin).order_by("-published_at", "-pk")
    begin = older.values_list("published_at", flat=True)[works - inner.works :][:1]
    return Layer(begin[0], works) if begin else None


@dataclass(frozen=True, slots=True)
class _Titles:
    """Titles that cut the alphabet into parts of about `works` documents each, in order of their bytes."""

    bounds: list[str]
    works: int


@lru_cache(maxsize=2)
def _measure_titles(_as_of: datetime) -> _Titles:
    with connection.cursor() as cursor:
        cursor.execute(TITLES)
        bounds, works = cursor.fetchone() or (None, 0)
    if not bounds:
        return _Titles([], 0)
    return _Titles(sorted(bounds, key=str.encode), int(works) // len(bounds))
