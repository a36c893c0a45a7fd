"""How far back the latest works go: so many since this instant, twice as many since that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from catalog.models.search import SearchDocument

FIRST, MOST = 1_024, 11
GOOD_FOR = timedelta(minutes=10)  # where a layer begins decides how much is read, never what is found


@dataclass(frozen=True, slots=True)
class Layer:
    """About `works` documents were published since `begin`."""

    begin: datetime
    works: int


def before(as_of: datetime) -> Iterator[Layer]:
    """Yield the layers of what was published until an instant, the smallest first; less than one is none."""
    rounded = as_of - (as_of - datetime.min.replace(tzinfo=UTC)) % GOOD_FOR
    for number in range(MOST):
        if (layer := _measure(rounded, number, FIRST)) is None:
            return
        yield layer


def forget() -> None:
    """Measure anew: for tests, whose catalogues don't live for ten minutes."""
    _measure.cache_clear()


@lru_cache(maxsize=256)
def _measure(as_of: datetime, number: int, first: int) -> Layer | None:
    inner = _measure(as_of, number - 1, first) if number else Layer(as_of, 0)
    if inner is None:
        return None
    works = first * 2**number
    older = SearchDocument.objects.filter(published_at__lte=inner.begin).order_by("-published_at", "-pk")
    begin = older.values_list("published_at", flat=True)[works - inner.works :][:1]
    return Layer(begin[0], works) if begin else None
