"""The journal's rules stand in PostgreSQL: each test goes around Python and is refused all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from royalties.ledger import selectors, services
from royalties.ledger.entries import Entry
from royalties.models import JournalEntry, Posting

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SALE = Entry(key="close:1", description="", postings=(("library:3:earned", 100), ("payee:9", -100)))


def post() -> JournalEntry:
    return services.post(entry=SALE, occurred_at=NOW)


@transaction.atomic
def write_entry(*amounts: tuple[str, int]) -> None:
    """Write an entry past the services."""
    row = JournalEntry.objects.create(key="x", description="", occurred_at=NOW)
    for currency, micros in amounts:
        Posting.objects.create(entry=row, account=currency, amount_micros=micros, currency=currency)


def test_posting_twice_gives_the_first_entry_back() -> None:
    assert post() == post()
    assert selectors.owed_to_payee(payee_id=9) == 100


def test_another_entry_under_the_same_key_is_refused() -> None:
    post()
    other = Entry(key="close:1", description="", postings=(("library:3:earned", 99), ("payee:9", -99)))
    with pytest.raises(services.EntryDiffers):
        services.post(entry=other, occurred_at=NOW)


def test_a_posted_amount_cannot_be_changed() -> None:
    post()
    with pytest.raises(IntegrityError, match="append-only"):
        Posting.objects.update(amount_micros=1)


def test_a_posted_entry_cannot_be_deleted() -> None:
    row = post()
    with pytest.raises(IntegrityError, match="append-only"):
        Posting.objects.filter(entry=row).delete()


def test_nothing_is_added_to_a_posted_entry_even_if_it_balances() -> None:
    row = post()
    extra = [Posting(entry=row, account=name, amount_micros=amount) for name, amount in (("a", 5), ("b", -5))]
    with pytest.raises(IntegrityError, match="nothing can be added"):
        Posting.objects.bulk_create(extra)


def test_an_unbalanced_entry_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write_entry(("EUR", 1))


def test_currencies_do_not_mix() -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write_entry(("EUR", 1), ("CHF", -1))


def test_an_entry_without_postings_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="has no posting"):
        JournalEntry.objects.create(key="x", description="", occurred_at=NOW)


def test_an_entry_is_reversed_once() -> None:
    row = post()
    first = services.reverse(posted=row, reason="wrong month", occurred_at=NOW)
    assert services.reverse(posted=row, reason="wrong month", occurred_at=NOW) == first
    assert selectors.owed_to_payee(payee_id=9) == 0
