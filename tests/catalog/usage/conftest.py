"""Sessions and heartbeats for the tests of the play log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from catalog.usage import services
from catalog.usage.schema import Beat, Session

NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_store(settings: Settings, tmp_path: Path) -> None:
    """Give each test an object store of its own."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"


def make_session(*, opened_at: datetime = NOON, patron: str = "ab" * 16, **changes: object) -> Session:
    values: dict[str, object] = {
        "session_id": uuid4(),
        "library_id": 3,
        "patron": patron,
        "resource_id": 12,
        "medium": "music",
        "source": "web",
        "max_age": None,
        "duration_s": 185,
        "opened_at": opened_at,
    }
    return Session(**{**values, **changes})  # type: ignore[arg-type]


def make_beat(sequence: int, *intervals: tuple[float, float], event: str = "tick") -> Beat:
    return Beat(sequence, intervals, 1.0, event, None)


def send(
    session: Session,
    sequence: int,
    *intervals: tuple[float, float],
    after_s: float | None = None,
    delivered_s: int | None = None,
) -> int:
    """Send one heartbeat, by default 10 s after the one before."""
    now = session.opened_at + timedelta(seconds=10 * (sequence + 1) if after_s is None else after_s)
    return services.record_heartbeat(
        session=session,
        beat=make_beat(sequence, *intervals),
        granted_until=now + timedelta(minutes=5),
        now=now,
        delivered_s=delivered_s,
    )


def listen(session: Session, *, seconds: int) -> None:
    """Listen from the start for a multiple of ten seconds."""
    for sequence in range(seconds // 10):
        send(session, sequence, (sequence * 10, sequence * 10 + 10))


@pytest.fixture
def listened() -> Callable[..., UUID]:
    """Return a function that makes a whole session of so many seconds and returns its id."""

    def make(*, seconds: int = 60, **changes: object) -> UUID:
        session = make_session(**changes)  # type: ignore[arg-type]
        listen(session, seconds=seconds)
        return session.session_id

    return make
