"""What PostgreSQL gives beyond tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


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
