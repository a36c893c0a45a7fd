"""A patron asks to be erased: no amount and no byte of the result changes, and the link to their plays is nowhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalog.usage import log
from royalties.models import Posting, Statement, StatementLine
from royalties.periods import services as periods
from royalties.periods.verify import verify_month
from subscriptions.models import Patron, PseudonymKey
from subscriptions.patrons import erasure, pseudonyms
from subscriptions.patrons import services as patrons
from tests.royalties.month import AFTER, OCTOBER, World, listen, make_world
from tests.subscriptions.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def people(world: World) -> list[Patron]:
    """Three patrons who came in with codes and played the month of the page, under their real pseudonyms."""
    codes = patrons.create_codes(library=world.library, batch="Desk", count=3, expires_on=date(2030, 1, 1))
    found = [patrons.redeem_code(library=world.library, code=code, now=timezone.now()) for code in codes]
    listen(
        world,
        pseudonyms={
            number: pseudonyms.pseudonym_of(patron_id=one.pk, month=OCTOBER)
            for number, one in enumerate(found, start=1)
        },
    )
    pseudonyms.note_signed_in_beside(
        patron_id=found[0].pk, user_id=make_user("d@example.org").pk, month=OCTOBER
    )
    return found


def tables_with(word: str) -> set[str]:
    """Return the tables of the database in which a word stands in any column, bytes as hex digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = set()
        for name in names:
            cursor.execute(
                f'SELECT 1 FROM "{name}" t WHERE row_to_json(t)::text LIKE %s LIMIT 1', [f"%{word}%"]
            )
            if cursor.fetchone():
                found.add(name)
    return found


def files_with(word: bytes) -> list[str]:
    """Return the stored files in which bytes stand as they are or as hex digits."""
    store = Path(urlsplit(settings.OBJECT_STORE_URL).path)
    files = [path for path in store.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if word in (data := path.read_bytes()) or word.hex().encode() in data]


def amounts() -> list[object]:
    return [
        *Statement.objects.order_by("number").values_list("number", "payee", "total_micros"),
        *StatementLine.objects.order_by("pk").values_list(),
        *Posting.objects.order_by("pk").values_list(),
    ]


def test_the_month_comes_out_the_same_to_the_byte(people: list[Patron]) -> None:
    before = periods.preview_month(month=OCTOBER, now=AFTER)
    days = [(day, log.find_day(day=day).sha256) for day in (date(2026, 10, 5), date(2026, 10, 8))]  # type: ignore[union-attr]
    assert erasure.erase_patron(patron_id=people[1].pk, now=AFTER)
    after = periods.preview_month(month=OCTOBER, now=AFTER)
    assert after.manifest["outputs"] == before.manifest["outputs"]
    assert (after.summary, after.manifest["inputs"]) == (before.summary, before.manifest["inputs"])
    assert [(day, log.find_day(day=day).sha256) for day, _sha256 in days] == days  # type: ignore[union-attr]


def test_statements_and_the_journal_stay_after_an_erasure(people: list[Patron]) -> None:
    periods.close_month(month=OCTOBER, now=AFTER)
    before = amounts()
    for patron in people:
        assert erasure.erase_patron(patron_id=patron.pk, now=AFTER)
    assert amounts() == before
    assert verify_month(month=OCTOBER) == []


def test_the_link_to_their_plays_is_in_no_table_and_in_no_file(people: list[Patron]) -> None:
    patron = people[0]
    secret = bytes(patron.secret or Patron.objects.get(pk=patron.pk).secret)
    name = pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    browser = Client()
    session = browser.session
    session["patron_id"], session["profile_id"] = patron.pk, patron.profiles.get().pk
    session.save()
    periods.close_month(month=OCTOBER, now=AFTER)
    assert tables_with(secret.hex()) == {"subscriptions_patron"}
    assert "subscriptions_signedinbeside" in tables_with(name)
    erasure.erase_patron(patron_id=patron.pk, now=AFTER)
    assert tables_with(secret.hex()) == set()
    assert files_with(secret) == []
    assert not [
        table for table in tables_with(name) if table.startswith(("subscriptions_", "django_", "accounts_"))
    ]
    assert not Patron.objects.filter(pk=patron.pk).exists()


def test_closing_a_month_starts_the_four_months_of_its_key(people: list[Patron]) -> None:
    assert people
    periods.close_month(month=OCTOBER, now=AFTER)
    assert PseudonymKey.objects.get(month=str(OCTOBER)).closed_at == AFTER
    assert pseudonyms.destroy_old_keys(now=AFTER.replace(year=2027, month=3, day=9)) == 0
    assert pseudonyms.destroy_old_keys(now=AFTER.replace(year=2027, month=3, day=10)) == 1
