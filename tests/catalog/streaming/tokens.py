"""Tokens and packages for the tests of streaming."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from catalog.streaming import grants
from catalog.streaming.grants import Grant

PACKAGE, OTHER_PACKAGE = "ab" * 32, "cd" * 32


def make_grant(*, after: timedelta = timedelta(0), **changes: object) -> Grant:
    """Return a grant of ten minutes that begins `after` now."""
    issued = timezone.now() + after
    values: dict[str, object] = {
        "key_id": settings.GRANT_KEY_ID,
        "session_id": UUID(int=7),
        "library_id": 3,
        "patron": "ab" * 16,
        "resource_id": 12,
        "package": PACKAGE,
        "medium": "music",
        "source": "web",
        "max_age": 10,
        "duration_s": 185,
        "opened_at": issued,
        "issued_at": issued,
        "expires_at": issued + timedelta(minutes=10),
    }
    return Grant(**{**values, **changes})  # type: ignore[arg-type]


def make_token(**changes: object) -> str:
    """Return the token of `make_grant`."""
    return grants.sign(make_grant(**changes), seed=settings.GRANT_SIGNING_KEY)  # type: ignore[arg-type]
