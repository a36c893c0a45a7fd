"""Where a list goes on: the last row's place in the order, signed, and good for that list alone.

A cursor names a row by what it is sorted by, not by its number in the list, and the instant of the first page:
a work published between two pages neither pushes a row onto the next page nor off it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core import signing

from catalog.errors import CatalogError

SALT = "catalog.search"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class CursorRefused(CatalogError):
    """The cursor was not made here, or for another list."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """`as_of`: later publications are not in this list. `on`: the day by which works are fresh. `after`: sort key."""

    as_of: datetime
    on: date
    after: tuple[int | str, ...]


def write(cursor: Cursor, *, of: object) -> str:
    """Return a cursor as text for the list that `of` describes."""
    said = {
        "t": (cursor.as_of - EPOCH) // MICROSECOND,
        "d": cursor.on.toordinal(),
        "k": list(cursor.after),
        "q": _digest(of),
    }
    return signing.Signer(salt=SALT).sign_object(said)


def read(text: str, *, of: object) -> Cursor:
    """Return what a cursor says.

    Raises:
        CursorRefused: it was altered, or belongs to another list.
    """
    try:
        said = signing.Signer(salt=SALT).unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise CursorRefused("this place in the list is not known") from error
    if said["q"] != _digest(of):
        raise CursorRefused("this place belongs to another list")
    return Cursor(EPOCH + said["t"] * MICROSECOND, date.fromordinal(said["d"]), tuple(said["k"]))


def in_microseconds(moment: datetime) -> int:
    """Return an instant as a whole number that sorts as it does."""
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(number: int) -> datetime:
    """Return the instant of a whole number of microseconds."""
    return EPOCH + number * MICROSECOND


def _digest(of: object) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:12]
