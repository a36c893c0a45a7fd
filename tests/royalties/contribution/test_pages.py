"""What a library reads of its money: the worked month's figures, for its own staff alone."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mediaplatform.accounts.models import User
from royalties.periods.services import close_month
from subscriptions.libraries import services as libraries
from subscriptions.models import Library
from tests.royalties.month import AFTER, NOVEMBER, OCTOBER, World, listen, make_library, make_world

pytestmark = pytest.mark.django_db


def sign_in(library: Library) -> Client:
    user = User.objects.create_user(f"{library.slug}-{User.objects.count()}@example.org", name="Alice")
    libraries.add_staff(library=library, user=user, role="reader")
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def world() -> World:
    world = make_world()
    listen(world)
    return world


def page_of(world: World) -> str:
    return f"/staff/{world.library.slug}/contribution/"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_month_is_read_by_distance_and_by_use(world: World) -> None:
    # By docs/algorithms/cct.md: Ana (own) 10.000001 + 9.836066 + 1.847063, Cleo (epci) 8 + 3.934426 + 1.847063,
    # Bo (region) 10 + 1.229508 + 2.611748; 65 EUR went to payees at once, so 49.305875 of them are 75.8 %.
    close_month(month=OCTOBER, now=AFTER)
    text = text_of(sign_in(world.library), page_of(world))
    assert "To creators from here €49.30 75.8% of what was paid to creators" in text
    assert "To all creators €65.00 of €100.00 of this month" in text
    assert "Your own territory 1 creator €21.68" in text
    assert "Your intercommunality 1 creator €13.78" in text
    assert "Your region 1 creator €13.84" in text
    assert "Elsewhere 2 creators €15.69" in text
    for use in ("€40.000000", "€15.000000", "€10.000000", "€5.000000", "€25.000000"):
        assert use in text
    assert "Your subscription’s month €100.000000" in text


def test_the_file_has_every_month_exactly(world: World) -> None:
    close_month(month=OCTOBER, now=AFTER)
    answer = sign_in(world.library).get(f"/staff/{world.library.slug}/contribution.csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["month"] == "2026-10"
    assert (row["paid_own"], row["paid_epci"], row["paid_region"]) == ("21.683130", "13.781489", "13.841256")
    uses = ("usage", "territory", "diversity", "catalogue", "solidarity", "operations", "reserve")
    micros = {name: int(row[name].replace(".", "")) for name in row if name != "month"}
    assert sum(micros[use] for use in uses) == micros["available"] == 100_000_000
    assert sum(micros[name] for name in micros if name.startswith("paid_")) == micros["paid"]


def test_before_the_first_close_it_says_when(world: World) -> None:
    assert "No month is closed yet." in text_of(sign_in(world.library), page_of(world))


def test_a_month_without_a_play_pays_nobody_and_keeps_the_money(world: World) -> None:
    other = make_library(revenue_micros=1_000_000, until=OCTOBER.last_day, commune="42095")
    close_month(month=OCTOBER, now=AFTER)
    text = text_of(sign_in(other), f"/staff/{other.slug}/contribution/")
    assert "To creators from here €0.00 0% of what was paid to creators" in text
    assert "Kept for next month" in text


def test_the_dashboard_fetches_the_month_it_shows(world: World) -> None:
    close_month(month=OCTOBER, now=AFTER)
    alice = sign_in(world.library)
    dashboard = alice.get(f"/staff/{world.library.slug}/?month=2026-10").content.decode()
    assert f'hx-get="{page_of(world)}glance/?month=2026-10"' in dashboard
    assert "To creators from here €49.30" in text_of(alice, f"{page_of(world)}glance/?month=2026-10")
    assert "This month is not closed yet" in text_of(alice, f"{page_of(world)}glance/?month=2026-11")


@pytest.mark.parametrize("address", ["contribution/", "contribution/glance/", "contribution.csv"])
def test_it_is_for_the_librarys_own_staff(world: World, address: str) -> None:
    close_month(month=OCTOBER, now=AFTER)
    other = make_library(revenue_micros=1_000_000, until=OCTOBER.last_day, commune="42095")
    path = f"/staff/{world.library.slug}/{address}"
    assert sign_in(other).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert sign_in(world.library).post(path).status_code == 405


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "nonsense"])
def test_a_month_that_is_not_closed_does_not_exist(world: World, month: str) -> None:
    close_month(month=OCTOBER, now=AFTER)
    assert sign_in(world.library).get(f"{page_of(world)}?month={month}").status_code == 404


def test_the_number_of_queries_does_not_follow_the_months(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    close_month(month=OCTOBER, now=AFTER)
    client = sign_in(world.library)
    with django_assert_max_num_queries(9):
        client.get(page_of(world))
    close_month(month=NOVEMBER, now=AFTER.replace(month=12))
    with django_assert_max_num_queries(9):
        client.get(page_of(world))
