"""Split sheets: agreed by all, from a coming month on, whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.models import Payee, Release, RightsShare, SplitSheet
from catalog.splits import services
from catalog.splits.services import Outcome, Proposal, SheetMissing, SplitRefused
from tests.factories.catalog import make_payee, make_release

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def ana() -> Payee:
    return make_payee("Ana", email="ana@example.org")


@pytest.fixture
def bo() -> Payee:
    return make_payee("Bo", email="bo@example.org")


@pytest.fixture
def river(ana: Payee) -> Release:
    return make_release("River", payee=ana)


def proposal(river: Release, by: Payee, shares: dict[Payee, int], day: date = DECEMBER) -> Proposal:
    return Proposal(
        payee_id=by.pk,
        release_id=river.pk,
        resource_ids=frozenset(river.resources.values_list("pk", flat=True)),
        shares_bp={payee.pk: bp for payee, bp in shares.items()},
        valid_from=day,
    )


def shared_on(river: Release, day: date) -> dict[str, int]:
    return dict(
        RightsShare.objects.in_force(day)
        .filter(resource__release=river)
        .values_list("payee__legal_name", "share_bp")
    )


def accept(outcome: Outcome, payee: Payee, now: datetime = NOW) -> Outcome:
    return services.answer(sheet_id=outcome.sheet_id, payee_id=payee.pk, accepts=True, reason="", now=now)


def test_a_split_holds_once_all_have_agreed(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    assert [asked.payee_id for asked in outcome.asked] == [bo.pk]
    assert shared_on(river, JANUARY) == {"Ana": 10_000}
    assert accept(outcome, bo).state == "agreed"
    assert shared_on(river, DECEMBER) == {"Ana": 6_000, "Bo": 4_000}


def test_what_was_played_before_keeps_its_shares(river: Release, ana: Payee, bo: Payee) -> None:
    accept(services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW), bo)
    assert shared_on(river, DECEMBER - timedelta(days=1)) == {"Ana": 10_000}


def test_who_leaves_is_asked_too(river: Release, ana: Payee, bo: Payee) -> None:
    accept(services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW), bo)
    outcome = services.propose(proposal(river, ana, {ana: 10_000}, JANUARY), now=NOW)
    assert [asked.payee_id for asked in outcome.asked] == [bo.pk]
    accept(outcome, bo)
    assert shared_on(river, DECEMBER) == {"Ana": 6_000, "Bo": 4_000}
    assert shared_on(river, JANUARY) == {"Ana": 10_000}


def test_one_who_declines_ends_it(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    ended = services.answer(
        sheet_id=outcome.sheet_id, payee_id=bo.pk, accepts=False, reason="Half was agreed.", now=NOW
    )
    assert (ended.state, ended.asked) == ("declined", ())
    assert shared_on(river, JANUARY) == {"Ana": 10_000}
    with pytest.raises(SplitRefused, match="settled already"):
        accept(outcome, bo)


def test_a_late_agreement_holds_from_the_month_that_has_not_begun(
    river: Release, ana: Payee, bo: Payee
) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    late = datetime(2026, 12, 5, tzinfo=UTC)
    assert accept(outcome, bo, late).valid_from == JANUARY
    assert shared_on(river, date(2026, 12, 31)) == {"Ana": 10_000}
    assert shared_on(river, JANUARY) == {"Ana": 6_000, "Bo": 4_000}


def test_the_same_answer_twice_is_one(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    accept(outcome, bo)
    assert accept(outcome, bo).state == "agreed"
    assert RightsShare.objects.filter(resource__release=river).count() == 3


def test_alone_one_agrees_with_oneself(river: Release, ana: Payee) -> None:
    assert services.propose(proposal(river, ana, {ana: 10_000}), now=NOW).state == "agreed"


@pytest.mark.parametrize(
    ("shares", "day", "said"),
    [
        ({"Ana": 9_999}, DECEMBER, "99.99 %"),
        ({"Ana": 10_000, "Bo": 0}, DECEMBER, "must sum to 100 %"),
        ({"Ana": 10_000}, date(2026, 10, 1), "next twelve months"),
        ({"Ana": 10_000}, date(2026, 12, 2), "next twelve months"),
        ({"Ana": 5_000, "Cleo": 5_000}, DECEMBER, "Cleo has no e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    river: Release, ana: Payee, bo: Payee, shares: dict[str, int], day: date, said: str
) -> None:
    payees = {"Ana": ana, "Bo": bo, "Cleo": make_payee("Cleo")}
    with pytest.raises(SplitRefused, match=said):
        services.propose(
            proposal(river, ana, {payees[name]: bp for name, bp in shares.items()}, day), now=NOW
        )
    assert not SplitSheet.objects.exists()


def test_who_holds_nothing_proposes_nothing(river: Release, bo: Payee) -> None:
    with pytest.raises(SplitRefused, match="You hold no share"):
        services.propose(proposal(river, bo, {bo: 10_000}), now=NOW)


def test_a_second_sheet_waits_for_the_first(river: Release, ana: Payee, bo: Payee) -> None:
    services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    with pytest.raises(SplitRefused, match="waits for answers"):
        services.propose(proposal(river, ana, {ana: 10_000}), now=NOW)


def test_a_holder_whom_nobody_asked_stops_it(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    RightsShare.objects.filter(resource__release=river).update(share_bp=9_000)
    RightsShare.objects.create(
        resource=river.resources.get(), payee=make_payee("Cleo"), share_bp=1_000, valid_from=date(2026, 1, 1)
    )
    with pytest.raises(SplitRefused, match="Somebody else holds a share"):
        accept(outcome, bo)


def test_a_stranger_answers_and_withdraws_nothing(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    with pytest.raises(SheetMissing):
        accept(outcome, make_payee("Charlie"))
    with pytest.raises(SheetMissing):
        services.withdraw(sheet_id=outcome.sheet_id, payee_id=bo.pk, now=NOW)


def test_the_proposer_withdraws(river: Release, ana: Payee, bo: Payee) -> None:
    outcome = services.propose(proposal(river, ana, {ana: 6_000, bo: 4_000}), now=NOW)
    services.withdraw(sheet_id=outcome.sheet_id, payee_id=ana.pk, now=NOW)
    assert services.withdraw(sheet_id=outcome.sheet_id, payee_id=ana.pk, now=NOW).state == "withdrawn"
    with pytest.raises(SplitRefused, match="settled already"):
        accept(outcome, bo)
