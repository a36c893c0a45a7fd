"""What PostgreSQL gives beyond tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast


class Among(models.Func):
    """Words as a subquery: `filter(reference__in=Among(references))`.

    One array parameter in the place of thousands, which psycopg and PostgreSQL would read one by one.
    """

    template = "(SELECT unnest(%(expressions)s))"
    of: type[models.Field[Any, Any]] = models.TextField

    def __init__(self, values: Iterable[Any]) -> None:
        array: ArrayField[Any, Any] = ArrayField(self.of())
        super().__init__(Cast(models.Value(list(values), output_field=array), array), output_field=self.of())


class AmongIds(Among):
    """Keys as a subquery: `filter(pk__in=AmongIds(ids))`."""

    of = models.BigIntegerField


class LockTaken(Exception):
    """Somebody else is doing the same thing right now."""


@contextmanager
def advisory_lock(name: str) -> Iterator[None]:
    """Hold a named lock of this database session; a process that dies gives it back.

    Raises:
        LockTaken: another session holds it.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise LockTaken(f"{name} is being worked on by another process")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def gather_statistics(*tables: str) -> None:
    """Let PostgreSQL look at tables that have grown at once, as it does by itself a minute later.

    Until then it takes them for as small as they were, and may choose a plan that takes seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def write_durably(statement: str, values: Sequence[object]) -> None:
    """Run one repeatable statement in a transaction of its own: when this returns, it is on the disk.

    One round trip to the server: no BEGIN, no COMMIT, no check of the connection beforehand, parsed once per
    connection. A connection that turns out to be dead is opened anew and the statement is run again, so it must
    be one that may run twice (`ON CONFLICT DO NOTHING`).

    Raises:
        RuntimeError: within a transaction, whose commit would come later or never.
        OperationalError: PostgreSQL can't be reached.
    """
    own = connections[DEFAULT_DB_ALIAS]  # looked up once: the proxy looks at each word
    if own.in_atomic_block and not _is_of_a_test():
        raise RuntimeError("what is written durably is written outside of any transaction")
    try:
        _run(own, statement, values)
    except (OperationalError, InterfaceError):
        if own.in_atomic_block:
            raise
        own.close()
        _run(own, statement, values)


def _run(own: BaseDatabaseWrapper, statement: str, values: Sequence[object]) -> None:
    own.ensure_connection()
    with own.wrap_database_errors, psycopg.Cursor(own.connection) as cursor:
        cursor.execute(statement, values, prepare=True)


def _is_of_a_test() -> bool:
    """Tell whether the only transaction around is the one that a test case rolls back, as Django itself asks."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
