"""What is acknowledged stays, and counts once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from catalog.models import Heartbeat
from catalog.usage import compaction, log, services
from catalog.usage.schema import HeartbeatRefused
from tests.catalog.usage.conftest import NOON, make_beat, make_session, send

pytestmark = pytest.mark.django_db


def test_a_heartbeat_is_kept_with_all_that_its_grant_said() -> None:
    session = make_session(max_age=10)
    assert send(session, 4, (0, 9.8)) == 4
    kept = Heartbeat.objects.get()
    assert (kept.session_id, kept.sequence, kept.patron, kept.max_age) == (
        session.session_id,
        4,
        session.patron,
        10,
    )
    assert (kept.intervals, kept.opened_at) == ([[0, 9.8]], NOON)


def test_the_same_heartbeat_again_is_acknowledged_and_kept_once() -> None:
    session = make_session()
    assert [send(session, 1, (0, 10)), send(session, 1, (0, 10)), send(session, 1, (50, 60))] == [1, 1, 1]
    assert Heartbeat.objects.get().intervals == [[0, 10]]


def test_a_week_later_nothing_is_accepted_any_more() -> None:
    session = make_session()
    send(session, 0, after_s=timedelta(days=7).total_seconds())
    with pytest.raises(HeartbeatRefused, match="too_late"):
        send(session, 1, after_s=timedelta(days=7, seconds=1).total_seconds())


def test_a_flood_is_refused() -> None:
    with pytest.raises(HeartbeatRefused, match="too_many_heartbeats"):
        send(make_session(), 1_000, after_s=10)
    assert not Heartbeat.objects.exists()


def test_time_after_the_grants_end_earns_nothing() -> None:
    session = make_session(duration_s=None, medium="book")
    late = NOON + timedelta(days=2)
    services.record_heartbeat(
        session=session, beat=make_beat(1, (0, 7200)), granted_until=NOON + timedelta(minutes=10), now=late
    )
    compaction.compact_day(day=log.day_of(NOON))
    assert log.read_day(day=log.day_of(NOON))["seconds"].to_pylist() == [600]


VICTIM = """
import os, signal, sys, uuid
from datetime import UTC, datetime, timedelta
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from catalog.usage import services
from catalog.usage.schema import Beat, Session
opened = datetime(2026, 10, 14, 10, tzinfo=UTC)
session = Session(uuid.UUID(sys.argv[2]), 3, "ab" * 16, 12, "music", "web", None, 185, opened)
now = opened + timedelta(seconds=10)
beat = Beat(0, ((0.0, 10.0),), 1.0, "tick", None)
services.record_heartbeat(session=session, beat=beat, granted_until=now, now=now)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_outlives_the_kill_of_its_process() -> None:
    session_id = uuid4()
    database = str(connection.settings_dict["NAME"])
    victim = subprocess.run(
        [sys.executable, "-c", VICTIM, database, str(session_id)], env=dict(os.environ), check=False
    )
    assert victim.returncode == -signal.SIGKILL
    assert Heartbeat.objects.get().session_id == session_id
    compaction.compact_day(day=log.day_of(NOON))
    assert log.read_day(day=log.day_of(NOON))["seconds"].to_pylist() == [10]
