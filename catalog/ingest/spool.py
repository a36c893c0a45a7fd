"""Dictionaries and lists on disk, as large as a delivery, in a memory that does not grow with them.

They hold our own rows in a temporary file without a name, which is gone with its process: nobody else can write it.
"""

from __future__ import annotations

import copyreg
import pickle
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import count
from operator import attrgetter
from os import SEEK_END
from typing import IO, Any, Generic, TypeVar

V = TypeVar("V")
PAGE = 1_000
_NAMES: dict[type, list[str]] = {}
CACHE = "PRAGMA cache_size = -8000"  # KiB: what it holds in memory before it goes to the disk


class Spool:
    """A temporary database of this process, of which tables are cut off."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.connection.execute(CACHE)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("BEGIN")
        self.numbers = count()


def kept(cls: type[V]) -> type[V]:
    """Let a dataclass go to disk as its bare values: in half the time of what dataclasses do by themselves."""
    names = [field.name for field in fields(cls)]  # type: ignore[arg-type]  # of dataclasses alone
    values = attrgetter(*names)
    copyreg.pickle(cls, lambda row: (_made, (cls, values(row))))
    _NAMES[cls] = names
    return cls


def _made(cls: type[V], values: tuple[Any, ...]) -> V:
    row = cls.__new__(cls)
    for name, value in zip(_NAMES[cls], values, strict=True):
        object.__setattr__(row, name, value)
    return row


class Rows(Generic[V]):
    """A dictionary by words in the order in which keys came; a new value takes the old one's place.

    With an `owner`, the values of one owner are found at once. It may grow while it is read.
    """

    def __init__(self, spool: Spool, *, owner: Callable[[V], str] | None = None) -> None:
        self._run, self._owner = spool.connection.execute, owner
        name = f"t{next(spool.numbers)}"
        self._run(f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, key BLOB UNIQUE, owner BLOB, value BLOB)")
        if owner is not None:
            self._run(f"CREATE INDEX {name}_owner ON {name} (owner, place)")
        columns = f"INTO {name} (key, owner, value) VALUES (?, ?, ?)"
        self._put = (
            f"INSERT {columns} ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, value = excluded.value"
        )
        self._put_new = f"INSERT OR IGNORE {columns}"
        self._get = f"SELECT value FROM {name} WHERE key = ?"  # noqa: S608 - names are numbers of our own
        self._page = f"SELECT place, key, value FROM {name} WHERE place > ? ORDER BY place LIMIT {PAGE}"  # noqa: S608
        self._sorted = f"SELECT key, value FROM {name} WHERE key > ? ORDER BY key LIMIT {PAGE}"  # noqa: S608
        self._owned = f"SELECT value FROM {name} WHERE owner = ? ORDER BY place"  # noqa: S608
        self._count_owned = f"SELECT count(*) FROM {name} WHERE owner = ?"  # noqa: S608
        self._drop = f"DELETE FROM {name} WHERE owner = ?"  # noqa: S608
        self._count = f"SELECT count(*) FROM {name}"  # noqa: S608
        self._owners = f"SELECT owner FROM {name} GROUP BY owner ORDER BY min(place)"  # noqa: S608

    def __setitem__(self, key: str, value: V) -> None:
        self._run(self._put, self._packed(key, value))

    def __getitem__(self, key: str) -> V:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: str) -> bool:
        return self._run(self._get, (_bytes(key),)).fetchone() is not None

    def __len__(self) -> int:
        return int(self._run(self._count).fetchone()[0])

    def __bool__(self) -> bool:
        return self._run(self._page, (0,)).fetchone() is not None

    def get(self, key: str) -> V | None:
        """Return a key's value, or None."""
        found = self._run(self._get, (_bytes(key),)).fetchone()
        return None if found is None else _unpack(found[0])

    def put_new(self, key: str, value: V) -> bool:
        """Keep a value unless its key has one; tells whether it was kept."""
        return bool(self._run(self._put_new, self._packed(key, value)).rowcount)

    def append(self, value: V) -> None:
        """Add a value that has no key."""
        self._run(self._put, (None, *self._packed("", value)[1:]))

    def pages(self) -> Iterator[list[tuple[str, V]]]:
        """Yield a thousand keys with their values at a time."""
        last = 0
        while found := self._run(self._page, (last,)).fetchall():
            last = found[-1][0]
            yield [(_text(key), _unpack(value)) for _place, key, value in found]

    def items(self) -> Iterator[tuple[str, V]]:
        """Yield each key with its value."""
        for page in self.pages():
            yield from page

    def values(self) -> Iterator[V]:
        """Yield each value."""
        for page in self.pages():
            yield from (value for _key, value in page)

    def sorted_values(self) -> Iterator[V]:
        """Yield each value in the order of the keys."""
        last = b""
        while found := self._run(self._sorted, (last,)).fetchall():
            last = found[-1][0]
            yield from (_unpack(value) for _key, value in found)

    def of(self, owner: str) -> list[V]:
        """Return the values of an owner."""
        return [_unpack(value) for (value,) in self._run(self._owned, (_bytes(owner),))]

    def count_of(self, owner: str) -> int:
        """Return how many values an owner has."""
        return int(self._run(self._count_owned, (_bytes(owner),)).fetchone()[0])

    def drop_of(self, owner: str) -> None:
        """Remove the values of an owner."""
        self._run(self._drop, (_bytes(owner),))

    def by_owner(self) -> Iterator[tuple[str, list[V]]]:
        """Yield each owner with its values, in the order in which the owners came. Not to be changed meanwhile."""
        for (owner,) in self._run(self._owners):
            yield _text(owner), self.of(_text(owner))

    def _packed(self, key: str, value: V) -> tuple[bytes, bytes | None, bytes]:
        owner = None if self._owner is None else _bytes(self._owner(value))
        return _bytes(key), owner, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


class Listed(Generic[V]):
    """A list that is only added to; each thousand values go to a file."""

    def __init__(self) -> None:
        self._latest: list[V] = []
        self._places: list[int] = []
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return len(self._places) * PAGE + len(self._latest)

    def __iter__(self) -> Iterator[V]:
        latest = list(self._latest)
        for place in list(self._places):
            if self._file is not None:
                self._file.seek(place)
                page: list[V] = pickle.load(self._file)  # noqa: S301 - of our own
                yield from page
        yield from latest

    def append(self, value: V) -> None:
        """Add a value."""
        self._latest.append(value)
        if len(self._latest) == PAGE:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="listed-")  # noqa: SIM115 - closed with this list
                weakref.finalize(self, self._file.close)
            self._places.append(self._file.seek(0, SEEK_END))
            pickle.dump(self._latest, self._file, pickle.HIGHEST_PROTOCOL)
            self._latest = []


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")  # JSON may hold half a character


def _text(key: bytes | None) -> str:
    return "" if key is None else key.decode("utf-8", "surrogatepass")


def _unpack(value: bytes) -> Any:
    return pickle.loads(value)  # noqa: S301 - of our own, from a file that nobody else can write
