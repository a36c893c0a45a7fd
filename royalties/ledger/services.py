"""Writing in the journal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from royalties.ledger.entries import Entry, reversal
from royalties.models import JournalEntry, Posting


class EntryDiffers(Exception):
    """An entry of this key was posted before, with other postings."""


@transaction.atomic
def post(*, entry: Entry, occurred_at: datetime, reverses: JournalEntry | None = None) -> JournalEntry:
    """Write an entry once. Posting the same entry again gives the first one back.

    Raises:
        EntryDiffers: the key is taken by an entry with other postings.
    """
    row, is_new = JournalEntry.objects.get_or_create(
        key=entry.key,
        defaults={"description": entry.description, "occurred_at": occurred_at, "reverses": reverses},
    )
    if is_new:
        Posting.objects.bulk_create(
            Posting(entry=row, account=account, amount_micros=amount) for account, amount in entry.postings
        )
    elif as_entry(row).postings != entry.postings:
        raise EntryDiffers(f"{entry.key} is already in the journal with other amounts")
    return row


def reverse(*, posted: JournalEntry, reason: str, occurred_at: datetime) -> JournalEntry:
    """Post the opposite of an entry; a second call gives the first reversal back."""
    return post(
        entry=reversal(entry=as_entry(posted), reason=reason), occurred_at=occurred_at, reverses=posted
    )


def as_entry(row: JournalEntry) -> Entry:
    """Read a posted entry back as plain data."""
    postings = row.postings.order_by("account").values_list("account", "amount_micros")
    return Entry(key=row.key, description=row.description, postings=tuple(postings))
