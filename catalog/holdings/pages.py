"""Pages that hold still: rows in the order of their ids, each page beginning beyond the last row of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class PageAsked:
    """What page is wanted: `after` the row of an id (None: from the beginning), at most `limit` rows."""

    after: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and the id after which the next page begins; None on the last one."""

    rows: Sequence[Row]
    next_after: int | None


def cut(found: QuerySet[Row, Any], asked: PageAsked, *, newest_first: bool = False) -> Page[Row]:
    """Return a page of the rows, by id upwards, or downwards with the newest first. One query and its prefetches."""
    if asked.after is not None:
        found = found.filter(pk__lt=asked.after) if newest_first else found.filter(pk__gt=asked.after)
    rows = list(found.order_by("-pk" if newest_first else "pk")[: asked.limit + 1])
    is_more, rows = len(rows) > asked.limit, rows[: asked.limit]
    return Page(rows, rows[-1].pk if is_more else None)
