"""The day's object: one row a play, whatever the order, the repetition or the company."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from catalog.models import Heartbeat, PlayLogDay, PlayLogObject
from catalog.usage import buffer, compaction, log
from catalog.usage.log import DayMoved
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.usage.conftest import NOON, listen, make_session, send

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 14)
Listened = Callable[..., UUID]


def objects() -> list[str]:
    return list(get_store().list_keys(prefix="usage/"))


def seconds_by_session(day: date = DAY) -> dict[str, int]:
    plays = log.read_day(day=day)
    return {str(play["session_id"]): int(play["seconds"]) for play in plays.to_pylist()}


def test_a_session_becomes_one_play(listened: Listened) -> None:
    session_id = listened(seconds=60, max_age=10, library_id=7)
    compaction.compact_day(day=DAY)
    [play] = log.read_day(day=DAY).to_pylist()
    assert play["session_id"] == str(session_id)
    assert (play["seconds"], play["status"], play["library_id"], play["profile_band"]) == (
        60,
        "counted",
        7,
        10,
    )
    assert play["started_at"] == NOON


def test_the_order_and_repetition_of_heartbeats_change_nothing() -> None:
    session = make_session()
    sequences = [*range(12), *range(6)]
    random.Random(7).shuffle(sequences)
    for sequence in sequences:
        send(session, sequence, (sequence * 10, sequence * 10 + 10), after_s=130)
    compaction.compact_day(day=DAY)
    assert seconds_by_session() == {str(session.session_id): 120}


def test_a_day_that_is_read_in_pieces_is_the_same_day(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffer, "CHUNK_BYTES", 300)  # two heartbeats or three: every session is cut
    expected = {str(listened(seconds=seconds)): seconds for seconds in (10, 60, 30, 90)}
    compaction.compact_day(day=DAY)
    assert seconds_by_session() == expected
    assert PlayLogDay.objects.get().heartbeats == 19


def test_nobody_heard_more_than_was_delivered() -> None:
    session = make_session()
    for sequence, delivered_s in enumerate((6, 12, 18)):
        send(session, sequence, (sequence * 10, sequence * 10 + 10), delivered_s=delivered_s)
    compaction.compact_day(day=DAY)
    assert seconds_by_session() == {str(session.session_id): 18}


def test_overlapping_and_forged_claims_are_cut_to_the_time_that_went_by() -> None:
    session = make_session(duration_s=None, medium="game")
    send(session, 0, (0, 500), (10, 500), after_s=10)
    send(session, 1, (0, 500), after_s=20)
    compaction.compact_day(day=DAY)
    assert seconds_by_session() == {str(session.session_id): 10}


def test_compacting_again_gives_the_same_bytes_and_no_new_object(listened: Listened) -> None:
    listened()
    first = compaction.compact_day(day=DAY)
    again = compaction.compact_day(day=DAY)
    assert first
    assert again
    assert first.sha256 == again.sha256
    assert objects() == [first.object_key]


def test_a_day_without_plays_is_not_written() -> None:
    assert compaction.compact_day(day=DAY) is None
    assert objects() == []


def test_a_late_heartbeat_reopens_its_day(listened: Listened) -> None:
    early, late = listened(seconds=60), make_session(patron="cd" * 16)
    compaction.compact_open_days(now=NOON + timedelta(hours=1))
    listen(late, seconds=30)
    assert compaction.compact_open_days(now=NOON + timedelta(days=5)) == [DAY]
    assert seconds_by_session() == {str(early): 60, str(late.session_id): 30}
    assert compaction.compact_open_days(now=NOON + timedelta(days=5)) == []


def test_plays_stay_when_their_heartbeats_are_forgotten(listened: Listened) -> None:
    session_id = listened()
    compaction.compact_open_days(now=NOON)
    compaction.compact_open_days(now=NOON + timedelta(days=9))
    assert not Heartbeat.objects.exists()
    compaction.compact_day(day=DAY)
    assert seconds_by_session() == {str(session_id): 60}


def test_nothing_is_forgotten_before_it_is_in_the_log(listened: Listened) -> None:
    session_id = listened()
    compaction.compact_open_days(now=NOON + timedelta(days=30))
    assert not Heartbeat.objects.exists()
    assert seconds_by_session() == {str(session_id): 60}


def test_heartbeats_stay_while_their_day_is_open(listened: Listened) -> None:
    listened()
    compaction.compact_open_days(now=NOON + timedelta(days=8))
    assert Heartbeat.objects.count() == 6


def test_a_second_click_after_midnight_marks_the_first_before_it() -> None:
    midnight = datetime(2026, 10, 14, 22, tzinfo=UTC)
    first = make_session(opened_at=midnight - timedelta(seconds=10))
    listen(first, seconds=10)
    compaction.compact_open_days(now=midnight)
    listen(make_session(opened_at=midnight + timedelta(seconds=15)), seconds=60)
    compacted = compaction.compact_open_days(now=midnight + timedelta(minutes=5))
    assert compacted == [DAY, DAY + timedelta(days=1)]
    assert log.read_day(day=DAY)["status"].to_pylist() == ["double_click"]
    assert log.read_day(day=DAY + timedelta(days=1))["status"].to_pylist() == ["counted"]


def test_a_day_is_switched_only_from_the_state_it_was_read_in(listened: Listened) -> None:
    listened()
    stale = compaction.compact_day(day=DAY)
    listened(patron="cd" * 16)
    compaction.compact_day(day=DAY)
    with pytest.raises(DayMoved):
        log.switch_day(day=DAY, table=log.read_day(day=DAY).slice(0, 1), heartbeats=1, replaces=stale)
    with pytest.raises(DayMoved):
        log.switch_day(day=DAY, table=log.read_day(day=DAY).slice(0, 1), heartbeats=1, replaces=None)
    assert len(seconds_by_session()) == 2


@pytest.mark.django_db(transaction=True)
def test_concurrent_compactions_lose_no_play() -> None:
    start, faults = threading.Barrier(3), list[BaseException]()

    def compact() -> None:
        try:
            start.wait(timeout=60)
            for number in range(4):
                listen(make_session(patron=f"{threading.get_ident() % 10**8 + number:032x}"), seconds=20)
                compaction.compact_open_days(now=NOON + timedelta(hours=1))
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=compact) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    compaction.compact_open_days(now=NOON + timedelta(hours=1))
    assert faults == []
    assert sorted(seconds_by_session().values()) == [20] * 12
    assert PlayLogDay.objects.get().heartbeats == 24


def test_superseded_objects_are_deleted_an_hour_later(listened: Listened) -> None:
    listened()
    compaction.compact_day(day=DAY)
    listened(patron="cd" * 16)
    current = compaction.compact_day(day=DAY)
    written_at = PlayLogObject.objects.latest("written_at").written_at
    assert log.sweep_objects(now=written_at + timedelta(minutes=59)) == 0
    assert log.sweep_objects(now=written_at + timedelta(minutes=61)) == 1
    assert current
    assert objects() == [current.object_key]


def test_the_log_is_proved_against_the_buffer(listened: Listened) -> None:
    session_id = listened()
    [waiting] = [verdict for verdict in compaction.verify_days(now=NOON) if verdict.sessions]
    assert (waiting.day, waiting.waiting, waiting.faults) == (DAY, 1, [])
    compaction.compact_day(day=DAY)
    assert not any(verdict.waiting or verdict.faults for verdict in compaction.verify_days(now=NOON))
    written = PlayLogDay.objects.get()
    log.switch_day(day=DAY, table=log.read_day(day=DAY).slice(0, 0), heartbeats=6, replaces=written)
    faults = [fault for verdict in compaction.verify_days(now=NOON) for fault in verdict.faults]
    assert faults == [f"{session_id} was acknowledged and is missing"]
