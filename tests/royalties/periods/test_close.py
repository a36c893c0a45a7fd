"""Closing the worked month of docs/algorithms/cct.md in the database: exact, once, whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from catalog.models import RightsShare
from mediaplatform.infrastructure.db import LockTaken, advisory_lock
from mediaplatform.infrastructure.objectstore import get_store
from royalties.ledger import selectors as ledger
from royalties.ledger import services as journal
from royalties.ledger.entries import Entry
from royalties.models import JournalEntry, Period, Posting, Run, Statement, StatementLine
from royalties.periods import services as periods
from royalties.periods.services import MonthBlocked, close_month
from subscriptions.libraries import services as libraries
from tests.royalties.month import AFTER, NOVEMBER, OCTOBER, World, listen, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def closed(world: World) -> World:
    listen(world)
    close_month(month=OCTOBER, now=AFTER)
    return world


@pytest.mark.parametrize(
    ("payee", "micros"),
    [
        # usage + territory + diversity + catalogue, each from the table of cct.md
        ("Ana", 10_000_001 + 9_836_066 + 1_847_063 + 1_000_000),
        ("Bo", 10_000_000 + 1_229_508 + 2_611_748 + 1_000_000),
        ("Cleo", 8_000_000 + 3_934_426 + 1_847_063 + 1_000_000),
        ("Dov", 6_666_666 + 1_847_063 + 1_000_000),
        ("Els", 5_333_333 + 1_847_063 + 1_000_000),
    ],
)
def test_each_statement_has_the_amount_of_the_page(closed: World, payee: str, micros: int) -> None:
    assert closed.total(payee) == micros
    assert ledger.owed_to_payee(payee_id=closed.payees[payee].pk) == micros


def test_every_micro_of_the_revenue_is_on_an_account(closed: World) -> None:
    assert ledger.credit_balances(prefix="library:") == {
        f"library:{closed.library.pk}:deferred": -100_000_000
    }
    assert ledger.credit_balance(account="operations") == 25_000_000
    assert ledger.solidarity_fund() == 5_000_000
    assert ledger.credit_balance(account="pool:catalogue") == 0
    assert sum(ledger.credit_balances(prefix="payee:").values()) == 70_000_000


def test_statements_are_numbered_without_gaps_and_add_up(closed: World) -> None:
    found = {statement.number: statement for statement in Statement.objects.all()}
    assert sorted(found) == [f"2026-10-000{n}" for n in range(1, 6)]
    for statement in found.values():
        amounts = statement.lines.values_list("amount_micros", flat=True)
        assert sum(amounts) == statement.total_micros


def test_a_usage_line_keeps_the_numbers_of_its_formula(closed: World) -> None:
    line = StatementLine.objects.get(statement=closed.statement("Cleo"), envelope="usage")
    assert (line.resource_title, line.release_title, line.library_name, line.territory_name) == (
        "Bridge 1",
        "Bridge",
        "Library of 42218",
        "Saint-Étienne",
    )
    assert line.formula == {
        "mode": "user_centric",
        "measure": "seconds",
        "envelope": 40_000_000,
        "library_patrons": 3,
        "budget": 13_333_333,
        "patrons": 1,
        "plays": 1,
        "seconds": 300,
        "resource_amount": 13_333_333,
        "share_bp": 6_000,
    }


def test_the_other_formulas_are_kept_too(closed: World) -> None:
    lines = StatementLine.objects.filter(statement=closed.statement("Bo")).exclude(envelope="usage")
    assert {line.envelope: line.formula for line in lines} == {
        "territory": {
            "envelope": 15_000_000,
            "proximity": "region",
            "weight": 2,
            "share_bp": 10_000,
            "usage_amount": 10_000_000,
            "resource_amount": 1_229_508,
            "patrons": 2,
        },
        "diversity": {
            "envelope": 10_000_000,
            "patrons": 2,
            "exponent": "1/2",
            "weight": 1414,
            "all_weights": 5414,
        },
        "catalogue": {"envelope": 5_000_000, "releases": 1, "cap": 20, "all_releases": 5},
    }


def test_the_run_is_kept_and_verifies(closed: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    run, folder = Run.objects.get(), tmp_path_factory.mktemp("run")
    keys = list(get_store().list_keys(prefix=run.object_prefix))
    for key in keys:
        path = folder / key.removeprefix(run.object_prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(get_store().get_bytes(key=key))
    said = StringIO()
    call_command("verify_run", folder / "outputs", folder / "inputs", stdout=said)
    assert "holds beside its inputs" in said.getvalue()
    assert run.object_prefix == f"runs/2026-10/{run.manifest['sha256']}/"


def test_no_pseudonym_is_kept_with_the_run(closed: World) -> None:
    prefix = Run.objects.get().object_prefix
    kept = b"".join(get_store().get_bytes(key=key) for key in get_store().list_keys(prefix=prefix))
    assert b"0" * 31 not in kept


def test_the_summary_says_what_each_library_gave(closed: World) -> None:
    summary = Run.objects.get().summary
    assert summary["by_envelope"] == {
        "usage": 40_000_000,
        "territory": 15_000_000,
        "diversity": 10_000_000,
        "catalogue": 5_000_000,
    }
    (library,) = summary["libraries"]
    assert (library["revenue"], library["paid"], library["reserve_out"]) == (100_000_000, 65_000_000, 0)
    assert summary["movers"][0] == [closed.payees["Ana"].pk, 0, 22_683_130]


def written() -> list[int]:
    return [model.objects.count() for model in (JournalEntry, Posting, Statement, StatementLine, Run)]


def test_a_second_call_changes_nothing_and_says_so(closed: World) -> None:
    before, said = written(), StringIO()
    call_command("close_month", "2026-10", stdout=said)
    assert said.getvalue() == "2026-10 was closed before: 5 statements. Nothing was changed.\n"
    assert written() == before


def test_the_command_closes_and_says_what_it_did(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listen(world)
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    said = StringIO()
    call_command("close_month", "2026-10", stdout=said)
    assert said.getvalue() == "2026-10 is closed: 5 statements.\n"


def test_a_death_in_the_middle_of_posting_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(world)

    def die(**_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(periods, "issue_statements", die)
        with pytest.raises(KeyboardInterrupt):
            close_month(month=OCTOBER, now=AFTER)
    assert written() == [0, 0, 0, 0, 0]
    assert not Period.objects.filter(state=Period.State.CLOSED).exists()
    assert close_month(month=OCTOBER, now=AFTER).is_new


def test_a_month_that_is_not_over_is_refused(world: World) -> None:
    with pytest.raises(MonthBlocked) as refused:
        close_month(month=OCTOBER, now=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    assert refused.value.blockers == ["October 2026 is not over yet."]


def test_an_earlier_open_month_is_named(world: World) -> None:
    with pytest.raises(MonthBlocked) as refused:
        close_month(month=NOVEMBER, now=datetime(2026, 12, 2, tzinfo=UTC))
    assert refused.value.blockers == ["October 2026 has to be closed first."]


def test_wrong_shares_are_named_by_their_work(world: World) -> None:
    listen(world)
    RightsShare.objects.filter(payee=world.payees["Els"]).update(share_bp=3_000)
    with pytest.raises(MonthBlocked) as refused:
        close_month(month=OCTOBER, now=AFTER)
    assert refused.value.blockers == ["“Bridge 1” (Bridge): the shares make 90% and not 100%."]
    assert written() == [0, 0, 0, 0, 0]


def test_the_command_names_what_blocks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, tzinfo=UTC))
    with pytest.raises(CommandError, match="October 2026 is not over yet"):
        call_command("close_month", "2026-10")


def test_a_library_without_a_territory_is_named(world: World) -> None:
    listen(world)
    world.library.ladder.all().delete()
    with pytest.raises(MonthBlocked) as refused:
        close_month(month=OCTOBER, now=AFTER)
    assert refused.value.blockers == ["Library of 42218 has no territory: nothing would be local to it."]


def test_a_month_without_a_play_goes_to_the_reserve(world: World) -> None:
    close_month(month=OCTOBER, now=AFTER)
    # usage, territory and diversity wait; the catalogue envelope is paid all the same
    assert ledger.credit_balance(account=f"library:{world.library.pk}:reserve") == 65_000_000
    assert world.total("Ana") == 1_000_000


def test_the_reserve_is_offered_again_the_month_after() -> None:
    # 122 EUR over 61 days: 62 EUR in October and 60 EUR in November.
    world = make_world(revenue_micros=122_000_000, until=date(2026, 11, 30))
    close_month(month=OCTOBER, now=AFTER)
    reserve = f"library:{world.library.pk}:reserve"
    assert ledger.credit_balance(account=reserve) == 62_000_000 * 65 // 100
    listen(world, [(1, "River", 600)], month=NOVEMBER)
    close_month(month=NOVEMBER, now=datetime(2026, 12, 10, tzinfo=UTC))
    lines = StatementLine.objects.filter(statement=world.statement("Ana", NOVEMBER))
    assert dict(lines.values_list("envelope", "amount_micros")) == {
        "usage": 20_000_000,  # the patron's cap; 4 EUR go on to diversity
        "territory": 60_000_000 * 15 // 100 + 40_300_000,
        "diversity": 6_000_000 + 4_000_000,
        "catalogue": 600_000,
    }
    assert ledger.credit_balance(account=reserve) == 0


def test_a_negative_month_is_carried_to_the_next() -> None:
    world = make_world(revenue_micros=122_000_000, until=date(2026, 11, 30))
    credit = world.library.subscriptions.get().lines.get()
    credit.pk, credit.amount_micros, credit.ends_on = None, -65_000_000, date(2026, 10, 31)
    credit.save()
    close_month(month=OCTOBER, now=AFTER)
    earned = f"library:{world.library.pk}:earned"
    assert ledger.credit_balance(account=earned) == -3_000_000
    close_month(month=NOVEMBER, now=datetime(2026, 12, 10, tzinfo=UTC))
    assert ledger.credit_balance(account=earned) == 0
    assert ledger.credit_balance(account="operations") == 57_000_000 // 4


def test_a_library_that_bought_nothing_does_not_disturb(world: World) -> None:
    libraries.create_library(name="Not yet subscribed", commune_code="69123")
    listen(world)
    close_month(month=OCTOBER, now=AFTER)
    assert world.total("Ana") == 22_683_130


def test_an_empty_month_closes_with_nothing_in_it() -> None:
    make_world(until=date(2026, 10, 31))
    close_month(month=OCTOBER, now=AFTER)
    done = close_month(month=NOVEMBER, now=datetime(2026, 12, 10, tzinfo=UTC))
    # The reserve of October is offered again, finds nobody and stays.
    assert (done.is_new, done.statements) == (True, 0)
    assert not JournalEntry.objects.filter(key__contains="2026-11").exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_cannot_close_the_same_month() -> None:
    make_world()
    with ThreadPoolExecutor(1) as elsewhere, advisory_lock("close:2026-10"), pytest.raises(LockTaken):
        elsewhere.submit(close_in_a_session_of_its_own).result()


def close_in_a_session_of_its_own() -> None:
    try:
        close_month(month=OCTOBER, now=AFTER)
    finally:
        connection.close()


def test_a_closed_month_verifies(closed: World) -> None:
    said = StringIO()
    call_command("verify_month", "2026-10", stdout=said)
    assert said.getvalue() == "2026-10 holds: run, journal and statements agree.\n"


def test_a_run_that_was_touched_does_not_verify(closed: World) -> None:
    key = f"{Run.objects.get().object_prefix}outputs/lines.parquet"
    other = get_store().get_bytes(key=key.replace("outputs/lines", "outputs/libraries"))
    get_store().put_bytes(key=key, data=other, content_type="application/octet-stream")
    with pytest.raises(CommandError, match=r"outputs: lines.parquet"):
        call_command("verify_month", "2026-10")


def test_an_open_month_cannot_be_verified(world: World) -> None:
    with pytest.raises(CommandError, match="2026-10 is not closed"):
        call_command("verify_month", "2026-10")


def set_aside(world: World, *, month: str, micros: int) -> None:
    library = f"library:{world.library.pk}"
    entry = Entry(
        key=f"close:{month}:{library}",
        description="",
        postings=((f"{library}:deferred", micros), (f"{library}:reserve", -micros)),
    )
    journal.post(entry=entry, occurred_at=AFTER)


def test_a_reserve_is_offered_for_twelve_months_and_then_goes_to_the_fund(world: World) -> None:
    set_aside(world, month="2025-09", micros=3_000_000)
    set_aside(world, month="2025-10", micros=4_000_000)  # offered since November: this is the twelfth month
    listen(world, [(1, "River", 600)])
    close_month(month=OCTOBER, now=AFTER)
    lines = StatementLine.objects.filter(statement=world.statement("Ana"), envelope="territory")
    assert lines.get().amount_micros == 15_000_000 + 4_000_000
    assert ledger.solidarity_fund() == 5_000_000 + 3_000_000
    assert ledger.credit_balance(account=f"library:{world.library.pk}:reserve") == 0
