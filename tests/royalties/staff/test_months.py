"""Oscar's months: what blocks, a preview, one button, and nothing to edit afterwards."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import RightsShare
from mediaplatform.accounts.models import User
from royalties.models import Attempt, Period, Run, Statement
from royalties.periods import tasks
from royalties.periods.services import close_month, preview_month
from tests.royalties.month import AFTER, NOVEMBER, OCTOBER, World, listen, make_world

pytestmark = pytest.mark.django_db
MONTH = "/operator/months/2026-10/"
ADDRESSES = ("/operator/months/", "/operator/months/glance/", MONTH, f"{MONTH}preview/", f"{MONTH}post/")


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTER)


@pytest.fixture
def world() -> World:
    world = make_world()
    listen(world)
    return world


def sign_in(email: str, *, is_operator: bool) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user(email, name="Oscar", is_operator=is_operator))
    return client


@pytest.fixture
def oscar() -> Client:
    return sign_in("oscar@example.org", is_operator=True)


def text_of(client: Client, address: str = MONTH) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def work(client: Client, address: str, **fields: str) -> Attempt:
    """Ask for an attempt, then do as the worker does."""
    client.post(address, fields)
    tasks.compute_month(attempt_id=Attempt.objects.latest("pk").pk)
    return Attempt.objects.latest("pk")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_sees_the_months(world: World, address: str, method: str) -> None:
    charlie = sign_in("charlie@example.org", is_operator=False)
    assert getattr(charlie, method)(address).status_code in {404, 405}
    assert Client().get(ADDRESSES[0]).status_code == 302
    assert not Attempt.objects.exists()


def test_the_list_shows_each_month_with_its_state(world: World, oscar: Client) -> None:
    close_month(month=OCTOBER, now=AFTER)
    text = text_of(oscar, "/operator/months/")
    assert "October 2026 Closed €100.00 €70.00 5" in text
    assert "November 2026 Running" in text


def test_the_overview_fetches_the_last_months(world: World, oscar: Client) -> None:
    assert 'hx-get="/operator/months/glance/"' in oscar.get("/operator/").content.decode()
    assert "November 2026 Running" in text_of(oscar, "/operator/months/glance/")


def test_a_month_nobody_paid_for_does_not_exist(world: World, oscar: Client) -> None:
    for month in ("2026-09", "2026-12"):
        assert oscar.get(f"/operator/months/{month}/").status_code == 404


def test_before_a_preview_the_checklist_says_what_it_cannot_know(world: World, oscar: Client) -> None:
    text = text_of(oscar)
    assert "The month can be closed In order" in text
    assert "Every work played has its shares Not looked at yet" in text
    assert "Compute a preview" in text
    assert "Post the month…" not in text


def test_a_preview_posts_nothing_and_shows_the_sums(world: World, oscar: Client) -> None:
    assert work(oscar, f"{MONTH}preview/").state == "done"
    text = text_of(oscar)
    assert "To creators €70.00 €0.00 in September 2026" in text
    assert "Plays €0.000000 €40.000000 +€40.000000" in text
    assert "Ana €0.000000 €22.683130 +€22.683130" in text
    assert (Statement.objects.count(), Period.objects.get().state) == (0, "open")


def test_a_preview_shows_the_difference_to_the_month_before() -> None:
    world, oscar = make_world(), sign_in("oscar@example.org", is_operator=True)
    listen(world)
    close_month(month=OCTOBER, now=AFTER)
    preview_month(month=NOVEMBER, now=AFTER)
    text = text_of(oscar, "/operator/months/2026-11/")
    assert "Plays €40.000000 €0.000000 \N{MINUS SIGN}€40.000000" in text
    assert "November 2026 is not over yet." in text
    assert "Post the month…" not in text


def test_wrong_shares_block_and_are_named(world: World, oscar: Client) -> None:
    RightsShare.objects.filter(payee=world.payees["Els"]).delete()
    assert work(oscar, f"{MONTH}preview/").state == "refused"
    text = text_of(oscar)
    assert (
        "Every work played has its shares Blocks “Bridge 1” (Bridge): the shares make 60% and not 100%."
        in text
    )
    assert "The last attempt was refused." in text


def test_a_payee_without_a_home_is_named_and_does_not_block(world: World, oscar: Client) -> None:
    world.payees["Dov"].home = None
    world.payees["Dov"].save()
    work(oscar, f"{MONTH}preview/")
    text = text_of(oscar)
    assert "To know Dov has no home territory and counts as living abroad." in text
    assert "Post the month…" in text


def digest() -> str:
    return str(Run.objects.get().manifest["sha256"])


def test_posting_asks_once_more_and_then_closes(world: World, oscar: Client) -> None:
    work(oscar, f"{MONTH}preview/")
    assert "€70.00 will be owed to 5 payees" in text_of(oscar, f"{MONTH}post/")
    assert work(oscar, f"{MONTH}post/", digest=digest()).state == "done"
    period = Period.objects.get()
    assert (period.state, period.closed_by, world.total("Ana")) == ("closed", User.objects.get(), 22_683_130)


def test_posting_needs_the_token_against_forgery(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_user("oscar@example.org", is_operator=True))
    assert strict.post(f"{MONTH}preview/").status_code == 403
    assert strict.post(f"{MONTH}post/").status_code == 403


def test_without_a_preview_nothing_can_be_posted(world: World, oscar: Client) -> None:
    answer = oscar.post(f"{MONTH}post/", {"digest": "x"}, follow=True)
    assert "The month can’t be posted yet" in answer.content.decode().replace("&#x27;", "’")
    assert not Attempt.objects.exists()


def test_another_preview_than_the_one_looked_at_is_refused(world: World, oscar: Client) -> None:
    work(oscar, f"{MONTH}preview/")
    oscar.post(f"{MONTH}post/", {"digest": "0" * 64})
    assert Attempt.objects.filter(purpose="close").count() == 0


def test_a_change_after_the_preview_stops_the_posting(world: World, oscar: Client) -> None:
    work(oscar, f"{MONTH}preview/")
    listen(world, [(4, "Tower", 600)])
    assert work(oscar, f"{MONTH}post/", digest=digest()).state == "refused"
    assert Period.objects.get().state == "open"
    assert "look at a new one first" in text_of(oscar)


def test_only_one_attempt_runs_at_a_time(world: World, oscar: Client) -> None:
    oscar.post(f"{MONTH}preview/")
    answer = oscar.post(f"{MONTH}preview/", follow=True)
    assert "This month is being computed already." in answer.content.decode()
    assert Attempt.objects.count() == 1


def test_a_silent_attempt_gives_way(world: World, oscar: Client) -> None:
    oscar.post(f"{MONTH}preview/")
    Attempt.objects.update(heard_at=AFTER - timedelta(minutes=11))
    assert "has not been heard of for ten minutes" in text_of(oscar)
    oscar.post(f"{MONTH}preview/")
    assert list(Attempt.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "waiting"]


def test_while_a_worker_is_at_it_the_page_asks_again(world: World, oscar: Client) -> None:
    oscar.post(f"{MONTH}preview/")
    Attempt.objects.update(state="working", stage="allocate", done=3, total=12)
    page = oscar.get(MONTH).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "3 of 12 libraries" in page
    assert '<progress value="3" max="7"' in page


def test_a_task_that_comes_twice_does_nothing_more(world: World, oscar: Client) -> None:
    work(oscar, f"{MONTH}preview/")
    work_again = Attempt.objects.get().pk
    before = Run.objects.get().pk
    tasks.compute_month(attempt_id=work_again)
    assert Run.objects.get().pk == before


def test_a_closed_month_shows_journal_run_and_no_button(world: World, oscar: Client) -> None:
    close_month(month=OCTOBER, now=AFTER, user_id=User.objects.get().pk)
    text = text_of(oscar)
    assert "close:2026-10:platform" in text
    assert digest() in text
    assert "manage.py verify_month 2026-10" in text
    main = oscar.get(MONTH).content.decode().partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main


@pytest.mark.parametrize("act", ["preview/", "post/"])
def test_a_closed_month_is_left_alone(world: World, oscar: Client, act: str) -> None:
    close_month(month=OCTOBER, now=AFTER)
    assert oscar.post(MONTH + act, {"digest": digest()}).status_code == 302
    assert not Attempt.objects.exists()
    assert Run.objects.get().state == "posted"


def test_pages_ask_the_database_little(
    world: World, oscar: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    work(oscar, f"{MONTH}preview/")
    for address in (*ADDRESSES[:2], ADDRESSES[3]):
        with django_assert_max_num_queries(20):
            oscar.get(address)
    close_month(month=OCTOBER, now=datetime(2026, 11, 11, tzinfo=UTC))
    with django_assert_max_num_queries(12):
        oscar.get(MONTH)
