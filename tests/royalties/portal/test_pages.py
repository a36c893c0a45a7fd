"""What artists read: dora's own statements, exact and whole; nobody else's."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Resource
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure.objectstore import get_store
from royalties.periods.services import close_month
from royalties.statements import services as statements
from tests.royalties.month import AFTER, OCTOBER, World, listen, make_world

pytestmark = pytest.mark.django_db

# Ten patrons: nine hear Ana's river for 600 s each, six of them Bo's hill as long, the tenth only the hill.
AUDIENCE = [(patron, "River", 600) for patron in range(1, 10)] + [
    (patron, "Hill", 600) for patron in (1, 2, 3, 4, 5, 6, 10)
]


@pytest.fixture
def world() -> World:
    world = make_world()
    listen(world, AUDIENCE)
    close_month(month=OCTOBER, now=AFTER)
    return world


def sign_in(email: str, *payees: int) -> Client:
    user = User.objects.create_user(email, name=email.partition("@")[0])
    for payee_id in payees:
        statements.add_member(payee_id=payee_id, user_id=user.pk)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def dora(world: World) -> Client:
    return sign_in("dora@example.org", world.payees["Ana"].pk)


@pytest.fixture
def charlie(world: World) -> Client:
    return sign_in("charlie@example.org", world.payees["Bo"].pk)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def address_of(world: World, name: str = "Ana") -> str:
    return f"/portal/statements/{world.statement(name).number}/"


def test_the_amounts_are_those_computed_by_hand(world: World) -> None:
    # usage: 4 EUR a patron; three give all to the river, six half.  40 EUR = 10 x 4.
    # territory: Ana is own (16) and got 24 of the use, Bo is of the region (2) and got 16: 384 to 32.
    # diversity: isqrt(9e6) = 3000 to isqrt(7e6) = 2645.  catalogue: 1 of 5 releases.
    assert {line.envelope: line.amount_micros for line in world.statement("Ana").lines.all()} == {
        "usage": 24_000_000,
        "territory": 13_846_154,  # 15 EUR * 384 / 416
        "diversity": 5_314_438,  # 10 EUR * 3000 / 5645
        "catalogue": 1_000_000,
    }


def test_the_overview_begins_with_balance_statement_and_payment(dora: Client) -> None:
    text = text_of(dora, "/portal/")
    assert "Balance €44.16" in text
    assert "October 2026 €44.16 your last statement" in text
    assert "Next payment 15 " in text


def test_the_statement_says_total_envelopes_and_town(world: World, dora: Client) -> None:
    text = text_of(dora, address_of(world))
    assert "exactly €44.160592" in text
    assert "€24.000000" in text
    assert "€13.846154" in text
    assert "Saint-Étienne €43.16" in text


def test_each_line_says_why_with_its_numbers(world: World, dora: Client) -> None:
    text = text_of(dora, address_of(world)).replace("\xa0", " ")
    assert "9 patrons of Saint-Étienne gave you €24.00, by spending 1 h 30 min with it in 9 plays." in text
    assert "10 patrons came there that month: of the €40.00 for plays each had €4.00 to give" in text
    assert "These gave €24.000000 to this one." in text
    assert "You are from the library’s own territory, Saint-Étienne: your weight is 16." in text
    assert "times 1,000: 3,000 for yours, of 5,645 in all." in text
    assert "1 release of yours is in the catalogue, of 5 that count (20 a payee at most)." in text


def test_few_listeners_are_never_counted_out() -> None:
    world = make_world()
    listen(world)
    close_month(month=OCTOBER, now=AFTER)
    text = text_of(sign_in("dora@example.org", world.payees["Ana"].pk), address_of(world))
    assert "Towns with fewer than 5 listeners" in text
    assert "exactly €22.683130" in text
    assert "River" not in text
    assert "1 patron of" not in text


@pytest.mark.parametrize("kind", ["", "pdf/", "csv/", "json/"])
def test_another_payees_statement_does_not_exist(world: World, charlie: Client, kind: str) -> None:
    assert charlie.get(address_of(world) + kind).status_code == 404


@pytest.mark.parametrize("page", ["", "statements/"])
def test_another_payees_account_does_not_exist(world: World, charlie: Client, page: str) -> None:
    assert charlie.get(f"/portal/{world.payees['Ana'].pk}/{page}").status_code == 404


def test_somebody_without_a_payee_has_no_portal(world: World) -> None:
    assert sign_in("bob@example.org").get("/portal/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/portal/", "/portal/1/", "/portal/1/statements/", "/portal/statements/x/"]
)
def test_visitors_are_asked_to_sign_in(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/accounts/login/?next={address}")


def test_with_several_payees_there_is_a_switch(world: World) -> None:
    both = sign_in("dora@example.org", world.payees["Ana"].pk, world.payees["Bo"].pk)
    assert f'href="/portal/{world.payees["Bo"].pk}/"' in both.get("/portal/").content.decode()
    assert "Balance €22.83" in text_of(both, f"/portal/{world.payees['Bo'].pk}/")


def test_the_csv_adds_up_to_the_micro(world: World, dora: Client) -> None:
    answer = dora.get(address_of(world) + "csv/")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(Decimal(row["amount_eur"]) for row in rows) == Decimal("44.160592")
    assert answer.headers["content-disposition"] == 'attachment; filename="2026-10-0001.csv"'


def test_a_title_cannot_become_a_formula_of_a_spreadsheet() -> None:
    world = make_world()
    Resource.objects.filter(pk=world.works["River"].pk).update(title="=HYPERLINK(1)")
    listen(world, AUDIENCE)
    close_month(month=OCTOBER, now=AFTER)
    dora = sign_in("dora@example.org", world.payees["Ana"].pk)
    rows = csv.DictReader(io.StringIO(dora.get(address_of(world) + "csv/").content.decode("utf-8-sig")))
    assert {row["title"] for row in rows} == {"'=HYPERLINK(1)", ""}


def test_the_json_adds_up_to_the_micro(world: World, dora: Client) -> None:
    document = json.loads(dora.get(address_of(world) + "json/").content)
    assert document["total_micros"] == sum(row["amount_micros"] for row in document["rows"]) == 44_160_592


def test_the_pdf_is_printed_once_and_kept(world: World, dora: Client) -> None:
    first = dora.get(address_of(world) + "pdf/").content
    assert first.startswith(b"%PDF-")
    assert get_store().get_bytes(key="statements/2026-10-0001.en.pdf") == first
    assert dora.get(address_of(world) + "pdf/").content == first


def test_an_unknown_kind_of_file_does_not_exist(world: World, dora: Client) -> None:
    assert dora.get(address_of(world) + "exe/").status_code == 404


def test_a_payee_without_a_statement_reads_what_will_come() -> None:
    world = make_world()
    dora = sign_in("dora@example.org", world.payees["Ana"].pk)
    assert "No statement yet." in text_of(dora, "/portal/")
    assert "No statement yet." in text_of(dora, f"/portal/{world.payees['Ana'].pk}/statements/")


def test_pages_ask_the_database_little(
    world: World, dora: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in ("/portal/", address_of(world), f"/portal/{world.payees['Ana'].pk}/statements/"):
        with django_assert_max_num_queries(10):
            dora.get(address)
