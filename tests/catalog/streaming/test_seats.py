"""Seats on a real Valkey: never more than there are, whoever races; a crashed player frees its own."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from catalog.streaming import leases, seats
from catalog.streaming.grants import Grant
from catalog.streaming.seats import NO_LIMIT, Full
from catalog.streaming.valkey import get_valkey

LIBRARIES = itertools.count(900_000)
NOW = datetime(2026, 10, 14, 10, tzinfo=UTC)

Sit = Callable[..., Grant]


@pytest.fixture
def sit() -> Sit:
    """Return a function that makes the grant of a browser of a profile, all at one new library."""
    library_id = next(LIBRARIES)

    def make(seat: str, *, duration_s: int | None = 60, session_id: UUID | None = None) -> Grant:
        return Grant(
            key_id="k1",
            session_id=session_id or uuid4(),
            library_id=library_id,
            patron="ab" * 16,
            resource_id=12,
            package="cd" * 32,
            medium="music",
            source="web",
            max_age=None,
            duration_s=duration_s,
            seat=seat,
            opened_at=NOW,
            issued_at=NOW,
            expires_at=NOW + timedelta(minutes=10),
        )

    return make


def take(grant: Grant, *, profile: int = 2, library: int = NO_LIMIT) -> Full | None:
    return seats.take(grant, profile_limit=profile, library_limit=library)


def let_pass(grant: Grant, *, seconds: int) -> None:
    """Let time pass in a library: its leases end so much earlier, by Valkey's clock."""
    library = f"seats:{{{grant.library_id}}}"
    for key in get_valkey().scan_iter(f"{library}*"):
        if not key.endswith(b":uses"):
            for seat, ends_at in get_valkey().zscan_iter(key):
                get_valkey().zadd(key, {seat: ends_at - 1000 * seconds})


def is_full(answer: Full | None, *, limit: str, seats: int) -> bool:
    """Tell whether it is that limit, and a seat is free when the youngest lease lapses, however slow we are."""
    return (
        answer is not None and (answer.limit, answer.seats) == (limit, seats) and 60 < answer.free_in_s <= 90
    )


def test_a_third_browser_of_a_profile_is_refused(sit: Sit) -> None:
    assert [take(sit("ana-1")), take(sit("ana-2"))] == [None, None]
    assert is_full(take(sit("ana-3")), limit="profile", seats=2)
    assert take(sit("ben-1")) is None


def test_the_next_track_in_the_same_browser_needs_no_further_seat(sit: Sit) -> None:
    assert [take(sit("ana-1"), profile=1) for _track in range(5)] == [None] * 5


def test_a_library_has_no_more_seats_than_it_pays_for(sit: Sit) -> None:
    assert [take(sit(f"p{n}-1"), library=3) for n in range(3)] == [None] * 3
    assert is_full(take(sit("late-1"), library=3), limit="library", seats=3)


def test_who_sits_stays_when_the_licence_shrinks(sit: Sit) -> None:
    take(sit("ana-1"), library=2)
    assert take(sit("ana-1"), library=0) is None
    assert is_full(take(sit("ben-1"), library=0), limit="library", seats=0)


def test_a_seat_is_likely_free_when_the_first_film_is_over(sit: Sit) -> None:
    take(sit("ana-1", duration_s=5_400), library=2)
    take(sit("ben-1", duration_s=1_200), library=2)
    full = take(sit("eve-1"), library=2)
    assert full
    assert 1_170 < full.free_in_s <= 1_200


def test_a_seat_that_is_left_is_free_at_once(sit: Sit) -> None:
    grant = sit("ana-1")
    take(grant, library=1)
    assert (seats.leave(grant), seats.leave(grant)) == (True, False)
    assert take(sit("ben-1"), library=1) is None


def test_the_end_of_a_track_does_not_free_the_seat_of_the_next(sit: Sit) -> None:
    first, following = sit("ana-1"), sit("ana-1")
    take(first, library=1)
    take(following, library=1)
    assert not seats.leave(first)
    assert take(sit("ben-1"), library=1)


def test_a_lease_that_nobody_renews_lapses(sit: Sit) -> None:
    kept, lost = sit("ana-1"), sit("ben-1")
    take(kept, library=2)
    take(lost, library=2)
    for _beat in range(4):
        let_pass(kept, seconds=30)
        assert seats.renew([kept]) == {(kept.library_id, "ana-1")}
    assert seats.renew([lost]) == set()
    assert take(sit("eve-1"), library=2) is None
    assert take(sit("zoe-1"), library=2)


def test_a_heartbeat_gives_nobody_a_seat(sit: Sit) -> None:
    assert seats.renew([sit("ana-1")]) == set()
    assert take(sit("ben-1"), library=1) is None


def test_libraries_do_not_share_seats(sit: Sit) -> None:
    take(sit("ana-1"), library=1)
    elsewhere = sit("ana-1")
    object.__setattr__(elsewhere, "library_id", next(LIBRARIES))
    assert take(elsewhere, library=1) is None


def test_five_hundred_racing_opens_get_exactly_the_seats_there_are(sit: Sit) -> None:
    start, got = threading.Barrier(10), list[Full | None]()

    def race(runner: int) -> None:
        start.wait(timeout=60)
        got.extend(take(sit(f"p{runner}x{n}-1"), library=37) for n in range(50))

    runners = [threading.Thread(target=race, args=(number,)) for number in range(10)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(timeout=300)
    assert (len(got), got.count(None)) == (500, 37)


def test_nothing_of_it_outlives_the_leases(sit: Sit) -> None:
    grant = sit("ana-1")
    take(grant)
    keys = list(get_valkey().scan_iter(f"seats:{{{grant.library_id}}}*"))
    assert len(keys) == 3
    assert all(0 < get_valkey().pttl(key) <= 90_000 for key in keys)


def test_seats_of_several_libraries_and_profiles_are_prolonged_together(sit: Sit) -> None:
    here, too, elsewhere, nobody = sit("ana-1"), sit("ben-1"), sit("ana-1"), sit("eve-1")
    object.__setattr__(elsewhere, "library_id", next(LIBRARIES))
    for grant in (here, too, elsewhere):
        take(grant)
    time.sleep(0.01)
    assert seats.renew([here, too, elsewhere, nobody]) == {
        (here.library_id, "ana-1"),
        (here.library_id, "ben-1"),
        (elsewhere.library_id, "ana-1"),
    }
    scores = [
        get_valkey().zscore(f"seats:{{{one.library_id}}}{of}", one.seat)
        for one, of in ((here, ":ana"), (here, ""), (too, ":ben"), (too, ""), (elsewhere, ""))
    ]
    assert scores[:4] == [scores[0]] * 4  # one instant for all of a library
    assert all(scores)


def test_heartbeats_of_a_second_prolong_their_seats_in_one_question(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()
    monkeypatch.setattr(leases, "PROLONG_EVERY_S", 3_600)  # the second is over when the test says so
    renew = seats.renew
    monkeypatch.setattr(seats, "renew", lambda grants: asked.append(len(grants)) or renew(grants))  # type: ignore[func-returns-value]
    sitting, mine = [sit(f"p{n}-1") for n in range(3)], leases.Leases()
    for grant in sitting:
        take(grant, library=3)
    for _beat in range(5):
        for grant in sitting:
            mine.keep(grant)
        let_pass(sitting[0], seconds=30)
        mine.prolong()
    assert asked == [3] * 5
    assert is_full(take(sit("late-1"), library=3), limit="library", seats=3)


def test_a_seat_is_prolonged_soon_after_a_heartbeat(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "PROLONG_EVERY_S", 0.05)
    grant, mine = sit("ana-1"), leases.Leases()
    take(grant, library=1)
    let_pass(grant, seconds=60)
    mine.keep(grant)
    limit = time.monotonic() + 60
    while not is_full(take(sit("ben-1"), library=1), limit="library", seats=1):
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_a_seat_left_right_after_a_heartbeat_stays_free(sit: Sit) -> None:
    grant, mine = sit("ana-1"), leases.Leases()
    take(grant, library=1)
    mine.keep(grant)
    seats.leave(grant)
    mine.prolong()
    assert take(sit("ben-1"), library=1) is None
