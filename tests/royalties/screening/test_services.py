"""Held by a rule, decided by a person, followed by the log; nothing twice and nothing silently."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from catalog.models import PlayHold
from catalog.usage import compaction, holds, log, schema
from catalog.usage.schema import Session
from mediaplatform.accounts.models import User
from royalties.models import PayeeMembership, ScreeningAppeal, ScreeningCase
from royalties.periods.services import MonthBlocked, close_month, preview_month
from royalties.screening import selectors, services, tasks
from royalties.screening.services import ScreeningRefused
from subscriptions.models import Patron
from subscriptions.patrons import pseudonyms
from tests.royalties.month import AFTER, OCTOBER, World, make_world

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 14)
NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)


def play(
    world: World,
    *,
    work: str = "River",
    patron: str = "ab" * 16,
    count: int = 1,
    day: date = DAY,
    first: int = 0,
) -> None:
    """Write plays of a work into a day: every ten minutes, not by the clock."""
    start = NOON + (day - DAY)
    sessions = [
        Session(
            session_id=uuid4(),
            library_id=world.library.pk,
            patron=patron,
            resource_id=world.works[work].pk,
            medium="music",
            source="web",
            max_age=None,
            duration_s=None,
            opened_at=start + timedelta(seconds=600 * n + n * n % 97),
        )
        for n in range(first, first + count)
    ]
    fresh = schema.table_of((session, 60) for session in sessions)
    log.write_day(day=day, table=schema.merge(written=log.read_day(day=day), fresh=fresh))


def statuses() -> list[str]:
    return [str(one) for one in log.read_day(day=DAY)["status"].to_pylist()]


@pytest.fixture
def oscar() -> User:
    return User.objects.create_user("oscar@example.org", name="Oscar", is_operator=True)


@pytest.fixture
def world() -> World:
    """A world in which somebody played one work 12 times on a day, and another once."""
    world = make_world()
    play(world, count=12)
    play(world, work="Hill")
    return world


def test_what_a_rule_finds_is_held_in_the_log(world: World) -> None:
    done = services.screen_month(month=OCTOBER, now=AFTER)
    assert (done.cases, done.new_cases, done.new_plays) == (1, 1, 12)
    assert sorted(statuses()) == ["counted"] + ["held"] * 12
    case = ScreeningCase.objects.get()
    assert (case.rule, case.day, case.plays, case.payee_ids) == (
        "same_again",
        DAY,
        12,
        [world.payees["Ana"].pk],
    )


@pytest.mark.usefixtures("world")
def test_screening_again_changes_nothing() -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    written = log.find_day(day=DAY)
    again = services.screen_month(month=OCTOBER, now=AFTER + timedelta(days=1))
    assert (again.cases, again.new_cases, again.new_plays) == (1, 0, 0)
    assert log.find_day(day=DAY) == written
    assert written is not None
    assert log.find_day(day=DAY).written_at == written.written_at  # type: ignore[union-attr]


def test_a_late_play_joins_an_undecided_case(world: World) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    play(world, count=1, first=12)
    assert services.screen_month(month=OCTOBER, now=AFTER).new_plays == 1
    assert (ScreeningCase.objects.get().plays, PlayHold.objects.count()) == (13, 13)


@pytest.mark.usefixtures("world")
def test_a_released_play_counts_again_and_is_not_held_anew(oscar: User) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    case = ScreeningCase.objects.get()
    services.decide(case_id=case.pk, keep=False, reason="A school class.", user_id=oscar.pk, now=AFTER)
    assert set(statuses()) == {"counted"}
    assert services.screen_month(month=OCTOBER, now=AFTER).new_plays == 0
    assert set(statuses()) == {"counted"}
    [decision] = case.decisions.all()
    assert (decision.is_kept, decision.reason, decision.decided_by, decision.decided_at) == (
        False,
        "A school class.",
        oscar,
        AFTER,
    )


@pytest.mark.usefixtures("world")
def test_what_is_kept_held_stays_out_and_no_longer_blocks(oscar: User) -> None:
    with pytest.raises(MonthBlocked) as blocked:
        preview_month(month=OCTOBER, now=AFTER)
    assert blocked.value.blockers == ["12 plays are held: decide on them first."]
    case = ScreeningCase.objects.get()
    services.decide(case_id=case.pk, keep=True, reason="A loop.", user_id=oscar.pk, now=AFTER)
    assert statuses().count("held") == 12
    assert close_month(month=OCTOBER, now=AFTER).is_new
    with pytest.raises(ScreeningRefused, match="closed"):
        services.decide(case_id=case.pk, keep=False, reason="No.", user_id=oscar.pk, now=AFTER)
    assert services.screen_month(month=OCTOBER, now=AFTER).cases == 0


@pytest.mark.usefixtures("world")
def test_a_play_of_two_cases_is_released_by_both(oscar: User) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    case = ScreeningCase.objects.get()
    first = PlayHold.objects.first()
    assert first
    holds.hold(case_key="another", plays={DAY: [first.play_id]}, now=AFTER)
    services.decide(case_id=case.pk, keep=False, reason="Fine.", user_id=oscar.pk, now=AFTER)
    assert (statuses().count("held"), holds.count_undecided(month=OCTOBER)) == (1, 1)
    holds.decide(case_key="another", keep=False, now=AFTER)
    compaction.apply_holds()
    assert (statuses().count("held"), holds.count_undecided(month=OCTOBER)) == (0, 0)


@pytest.mark.usefixtures("world")
def test_a_decision_needs_its_reason(oscar: User) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    with pytest.raises(ScreeningRefused, match="Say why"):
        services.decide(
            case_id=ScreeningCase.objects.get().pk, keep=True, reason="  ", user_id=oscar.pk, now=AFTER
        )


def test_a_payee_appeals_once_and_is_answered_once(world: World, oscar: User) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    case, ana = ScreeningCase.objects.get(), world.payees["Ana"].pk
    made = services.appeal(case_id=case.pk, payee_id=ana, user_id=oscar.pk, text="My pupils.", now=AFTER)
    with pytest.raises(ScreeningRefused, match="already"):
        services.appeal(case_id=case.pk, payee_id=ana, user_id=oscar.pk, text="Again.", now=AFTER)
    with pytest.raises(ScreeningRefused, match="not concern"):
        services.appeal(
            case_id=case.pk, payee_id=world.payees["Bo"].pk, user_id=oscar.pk, text="Me too.", now=AFTER
        )
    services.answer_appeal(appeal_id=made.pk, text="We agree.", user_id=oscar.pk, now=AFTER)
    with pytest.raises(ScreeningRefused, match="already"):
        services.answer_appeal(appeal_id=made.pk, text="We do not.", user_id=oscar.pk, now=AFTER)
    assert ScreeningAppeal.objects.get().answer == "We agree."


def test_an_account_that_was_signed_in_beside_a_patron_is_a_household(world: World, oscar: User) -> None:
    patron = Patron.objects.create(library=world.library)
    PayeeMembership.objects.create(payee=world.payees["Bo"], user=oscar)
    pseudonyms.note_signed_in_beside(patron_id=patron.pk, user_id=oscar.pk, month=OCTOBER)
    name = pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    play(world, work="Hill", patron=name, count=6, day=DAY + timedelta(days=1))
    services.screen_month(month=OCTOBER, now=AFTER)
    case = ScreeningCase.objects.get(rule="household")
    assert (case.patron, case.plays, case.payee_ids) == (name, 6, [world.payees["Bo"].pk])


@pytest.mark.usefixtures("world")
def test_payees_read_no_number_and_operators_read_the_evidence() -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    case = ScreeningCase.objects.get()
    [review] = selectors.list_reviews(payee_id=case.payee_ids[0])
    assert not any(isinstance(getattr(review, name), int) for name in ("title", "state", "reason"))
    page = selectors.get_case(case_id=case.pk)
    assert (len(page.plays), sum(page.by_hour), page.row.why) == (
        12,
        12,
        "12 times on one day; 10 is the limit.",
    )


@pytest.mark.usefixtures("world")
def test_the_command_and_the_task_screen() -> None:
    said = StringIO()
    call_command("screen_month", "2026-10", stdout=said)
    assert "1 cases, 1 of them new; 12 plays newly held" in said.getvalue()
    tasks.screen_last_month()


def without_river(world: World, keep: int) -> None:
    """Leave so many plays of River in the day, as a credit that was corrected might."""
    plays = log.read_day(day=DAY)
    is_river = [one == world.works["River"].pk for one in plays["resource_id"].to_pylist()]
    rows = [n for n, one in enumerate(is_river) if not one] + [n for n, one in enumerate(is_river) if one][
        :keep
    ]
    log.write_day(day=DAY, table=plays.take(rows))


def test_a_case_that_is_no_longer_found_is_closed_and_kept_on_record(world: World) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    without_river(world, keep=8)
    services.screen_month(month=OCTOBER, now=AFTER)
    case = ScreeningCase.objects.get()
    assert (case.state, case.plays) == ("lapsed", 12)
    assert [(one.is_kept, one.reason, one.decided_by, one.decided_at) for one in case.decisions.all()] == [
        (False, "", None, AFTER)
    ]
    assert set(statuses()) == {"counted"}
    assert selectors.count_undecided(month=OCTOBER) == 0
    assert selectors.list_reviews(payee_id=world.payees["Ana"].pk) == []
    services.screen_month(month=OCTOBER, now=AFTER)
    assert case.decisions.count() == 1


def test_a_case_that_is_found_again_waits_again(world: World) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    without_river(world, keep=8)
    services.screen_month(month=OCTOBER, now=AFTER)
    play(world, count=6, first=20)
    services.screen_month(month=OCTOBER, now=AFTER)
    assert ScreeningCase.objects.get().state == "held"
    assert statuses().count("held") == 14


@pytest.mark.usefixtures("world")
def test_what_a_person_decided_does_not_lapse(world: World, oscar: User) -> None:
    services.screen_month(month=OCTOBER, now=AFTER)
    services.decide(
        case_id=ScreeningCase.objects.get().pk, keep=True, reason="A loop.", user_id=oscar.pk, now=AFTER
    )
    without_river(world, keep=8)
    services.screen_month(month=OCTOBER, now=AFTER)
    assert ScreeningCase.objects.get().state == "kept"
