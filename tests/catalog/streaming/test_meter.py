"""What is fetched is counted on a real Valkey: by several processes, atomically, and shown to an operator."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from catalog.models import StreamFlag
from catalog.streaming import limits, meter
from catalog.streaming.grants import Grant
from catalog.streaming.meter import Meter
from catalog.streaming.valkey import get_valkey
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.streaming.tokens import PACKAGE, make_grant, make_token

SEGMENT = "160/seg_1.m4s"
AWAY = "redis://127.0.0.1:1/0"
AT_ONCE = limits.BURST_S // limits.SEGMENT_S


@pytest.fixture(autouse=True)
def fresh(settings: Settings, tmp_path: object) -> Iterator[None]:
    """A package, and a process that has counted nothing."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    for name in (SEGMENT, "master.m3u8"):
        get_store().put_bytes(key=f"packages/{PACKAGE}/{name}", data=b"x", content_type="x/x")
    meter.meter.forget()
    yield
    meter.meter.forget()


def new(**changes: object) -> Grant:
    """Return the grant of a new session of a new patron."""
    return make_grant(session_id=uuid4(), patron=uuid4().hex, **changes)  # type: ignore[arg-type]


def fetch(counting: Meter, grant: Grant, times: int, client: bytes = b"one") -> list[str]:
    """Fetch a segment so often, and let a second pass; return the rules that refused."""
    found = [counting.count(grant, path=SEGMENT, client=client) for _ in range(times)]
    counting.tell()
    return [one[0].rule for one in found if one]


def test_a_start_and_seven_seeks_pass_at_once() -> None:
    assert fetch(Meter(), new(), AT_ONCE) == []


def test_a_copier_is_held_back_soon_after_and_the_number_of_processes_does_not_help() -> None:
    grant, processes = new(), [Meter() for _ in range(3)]
    found = [one.count(grant, path=SEGMENT, client=b"one") for _ in range(AT_ONCE) for one in processes]
    refused = [one[0].rule for one in found if one]
    assert set(refused) == {"pace"}
    served = 3 * AT_ONCE - len(refused)
    assert AT_ONCE <= served <= AT_ONCE + 3 * meter.TELL_AFTER


def test_racing_processes_count_every_segment() -> None:
    grant, threads = new(), []
    for _ in range(4):
        counting = Meter()
        threads.append(threading.Thread(target=fetch, args=(counting, grant, meter.TELL_AFTER + 1)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fetched = get_valkey().hget(f"meter:{{{grant.patron}}}:{grant.session_id}", "fetched")
    assert int(fetched or 0) == 4 * (meter.TELL_AFTER + 1) * limits.SEGMENT_S


def test_time_gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = new()
    assert "pace" in fetch(Meter(), grant, 2 * AT_ONCE)
    key = f"meter:{{{grant.patron}}}:{grant.session_id}"
    get_valkey().hincrby(key, "at", -120_000)  # two minutes pass on Valkey's clock
    assert fetch(Meter(), grant, 20) == []


def test_playlists_do_not_count_as_listening() -> None:
    counting, grant = Meter(), new()
    assert [counting.count(grant, path="master.m3u8", client=b"one") for _ in range(3 * AT_ONCE)] == [
        None
    ] * (3 * AT_ONCE)


def test_one_token_on_five_devices_is_held_back_on_four_it_is_not() -> None:
    counting, grant = Meter(), new()
    for client in (b"1", b"2", b"3", b"4"):
        assert fetch(counting, grant, 2, client) == []
    fetch(counting, grant, 1, b"5")
    assert fetch(counting, grant, 1, b"1") == ["clients"]


def test_another_session_of_the_patron_is_counted_with_it_another_patron_is_not() -> None:
    counting, first = Meter(), new(duration_s=100_000)
    sessions = [make_grant(session_id=uuid4(), patron=first.patron, duration_s=100_000) for _ in range(12)]
    refused = [rule for one in sessions for rule in fetch(counting, one, AT_ONCE)]
    assert set(refused) == {"patron_pace"}
    assert fetch(counting, new(), AT_ONCE) == []


def test_what_is_fetched_many_times_over_is_held_back() -> None:
    grant = new(duration_s=10)
    get_valkey().hset(f"meter:{{{grant.patron}}}:{grant.session_id}", "fetched", 627)
    counting = Meter()
    assert fetch(counting, grant, 1) == []
    assert fetch(counting, grant, 1) == ["egress"]


def test_what_was_delivered_bounds_what_can_be_heard() -> None:
    counting, grant = Meter(), new()
    assert meter.find_delivered_s(grant) is None
    fetch(counting, grant, 5)
    assert meter.find_delivered_s(grant) == 20 + meter.UNTOLD_S


def test_nobody_knows_what_a_proxy_delivers_by_itself() -> None:
    counting, grant = Meter(), new()
    counting.count(grant, path="", client=b"one")
    fetch(counting, grant, 5)
    assert meter.find_delivered_s(grant) is None


def test_a_count_that_began_late_bounds_nothing(settings: Settings) -> None:
    grant = new(after=timedelta(minutes=-2))
    fetch(Meter(), grant, 5)
    assert meter.find_delivered_s(grant) is None
    settings.REDIS_URL = AWAY
    assert meter.find_delivered_s(new()) is None


def get(token: str, path: str = SEGMENT, **headers: str) -> HttpResponse:
    return Client().get(f"/m/{token}/{path}", **headers)  # type: ignore[arg-type, return-value]


@pytest.mark.django_db
def test_a_copier_is_told_when_to_come_back_and_an_operator_sees_the_numbers() -> None:
    session, patron = uuid4(), uuid4().hex
    token = make_token(session_id=session, patron=patron)
    answers = [get(token) for _ in range(2 * AT_ONCE)]
    last = answers[-1]
    assert (last.status_code, json.loads(last.content)["code"]) == (429, "pace")
    assert 1 <= int(last["Retry-After"]) <= 60
    flag = StreamFlag.objects.get()
    assert (flag.session_id, flag.rule, flag.patron, flag.resource_id, flag.times) == (
        session,
        "pace",
        patron,
        12,
        1,
    )
    assert flag.evidence["over_s"] > 0
    assert get(make_token(session_id=uuid4(), patron=uuid4().hex)).status_code == 200


@pytest.mark.django_db
def test_no_address_and_no_browser_is_kept() -> None:
    session, patron = uuid4(), uuid4().hex
    token = make_token(session_id=session, patron=patron)
    for number in range(6):
        meter.meter.tell()
        get(token, HTTP_USER_AGENT=f"Firefox/{number}", REMOTE_ADDR="192.0.2.77")
    kept = str(StreamFlag.objects.values().get())
    kept += str(get_valkey().zrange(f"meter:{{{patron}}}:{session}:clients", 0, -1))
    assert "clients" in kept
    assert "192.0.2" not in kept
    assert "Firefox" not in kept


def test_an_address_that_changes_within_its_network_is_the_same_client() -> None:
    token = make_token(session_id=uuid4(), patron=uuid4().hex)
    for number in range(12):
        meter.meter.tell()
        assert get(token, REMOTE_ADDR=f"192.0.2.{number}", HTTP_USER_AGENT="Firefox").status_code == 200


def test_a_few_segments_are_told_by_themselves() -> None:
    counting, grant = Meter(), new()
    counting.count(grant, path=SEGMENT, client=b"one")
    limit = time.monotonic() + 60
    while not get_valkey().exists(f"meter:{{{grant.patron}}}:{grant.session_id}"):
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.parametrize(("may_serve", "status"), [(True, 200), (False, 503)])
def test_while_valkey_is_away_the_settings_decide(
    settings: Settings, caplog: pytest.LogCaptureFixture, may_serve: bool, status: int
) -> None:
    token = make_token(session_id=uuid4(), patron=uuid4().hex)
    settings.REDIS_URL, settings.SERVE_UNCOUNTED = AWAY, may_serve
    with caplog.at_level(logging.WARNING):
        answers = [get(token) for _ in range(meter.TELL_AFTER)]
    assert {answer.status_code for answer in answers} == {status}
    assert "not counted" in caplog.text
    assert may_serve or answers[0]["Retry-After"] == "2"


def test_what_was_fetched_while_valkey_was_away_is_counted_afterwards(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, grant, here = Meter(), new(), settings.REDIS_URL
    settings.REDIS_URL = AWAY
    assert fetch(counting, grant, 3) == []
    settings.REDIS_URL, at = here, time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at + meter.AWAY_S + 0.1)
    assert fetch(counting, grant, 1) == []
    assert get_valkey().hget(f"meter:{{{grant.patron}}}:{grant.session_id}", "fetched") == b"16"


def test_where_nothing_may_be_served_uncounted_valkey_is_asked_again_after_a_while(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, grant, here = Meter(), new(), settings.REDIS_URL
    settings.REDIS_URL, settings.SERVE_UNCOUNTED = AWAY, False
    with pytest.raises(meter.NotCounted):
        counting.count(grant, path=SEGMENT, client=b"one")
    settings.REDIS_URL, at = here, time.monotonic()
    with pytest.raises(meter.NotCounted):
        counting.count(grant, path=SEGMENT, client=b"one")
    monkeypatch.setattr(time, "monotonic", lambda: at + meter.AWAY_S + 0.1)
    assert counting.count(grant, path=SEGMENT, client=b"one") is None
