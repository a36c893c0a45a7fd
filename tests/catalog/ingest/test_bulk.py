"""A delivery of any size takes the same number of statements, and its rows arrive as they were said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.ingest import outcome
from catalog.ingest.services import deliver_folder
from catalog.models import Credit, DeliveryChange, Medium, Package, Party, Release, Resource
from catalog.packaging import queue
from mediaplatform.infrastructure import bulk_rows, db, objectstore
from mediaplatform.infrastructure.db import Among, AmongIds
from tests.catalog.ingest.onix.messages import product, write_message
from tests.catalog.people import LABEL
from tests.factories.catalog import make_geography, make_release, make_resource, write_epub

pytestmark = pytest.mark.django_db
AWKWARD = ['a "quoted" word', "back\\slash", "{brace}, comma", "tab\there", "", "NULL", "l'eau", "né\nà"]


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def isbn(number: int) -> str:
    digits = f"97910{number:07}"
    return f"{digits}{-sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(digits)) % 10}"


def statements_of(folder: Path, *, books: int) -> int:
    folder.mkdir()
    for number in range(books):
        write_epub(folder / f"{isbn(number)}.epub")
    write_message(folder, *(product(isbn(number)) for number in range(books)))
    with CaptureQueriesContext(connection) as queries:
        delivery = deliver_folder(folder=folder, sent_by=None, deliverer=f"{LABEL} {books}")
    assert delivery.state == "applied", list(delivery.faults.all())
    return len(queries)


def test_twenty_books_take_as_many_statements_as_two(tmp_path: Path) -> None:
    statements_of(tmp_path / "first", books=1)  # brings the people and the file that the others share
    few, many = (statements_of(tmp_path / str(count), books=count) for count in (2, 20))
    assert many == few


def test_new_rows_arrive_as_they_are_and_have_their_ids() -> None:
    release = Release(deliverer=LABEL, reference="R", title=AWKWARD[0], medium=Medium.BOOK, kind="book")
    release.subjects, release.description, release.released_on = AWKWARD, "\\N", date(2026, 1, 2)
    release.related = [["06", 'quote " and \\']]
    before = datetime.now(tz=UTC)
    bulk_rows.insert_rows([release])
    found = Release.objects.get(pk=release.pk)
    assert (found.subjects, found.description, found.title) == (AWKWARD, "\\N", AWKWARD[0])
    assert (found.medium, found.status, found.released_on) == ("book", "draft", date(2026, 1, 2))
    assert (found.related, found.min_age, found.languages) == ([["06", 'quote " and \\']], None, [])
    assert found.created_at >= before
    assert not release._state.adding


def test_a_row_refers_to_one_that_was_unsaved_when_it_was_made() -> None:
    release = make_release("R")
    resource = Resource(release=release, reference="a", title="a", medium="music")
    credit = Credit(release=release, resource=resource, party=Party.objects.create(name="Ana"), role="author")
    bulk_rows.insert_rows([resource])
    bulk_rows.insert_rows([credit])
    assert Credit.objects.get(pk=credit.pk).resource == resource


def test_a_broken_constraint_refuses_all_rows() -> None:
    twice = [Release(deliverer=LABEL, reference="R", title="a", medium="book", kind="book") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_rows.insert_rows(twice)
    assert not Release.objects.exists()


def test_only_the_named_columns_of_changed_rows_are_written() -> None:
    one, other = make_release("R"), make_release("S")
    stays, touched = one.title, one.updated_at
    one.title, one.subjects, one.min_age = "not written", AWKWARD, 6
    bulk_rows.update_rows([one, other], names={"subjects", "min_age", "updated_at"})
    found = Release.objects.get(pk=one.pk)
    assert (found.title, found.subjects, found.min_age) == (stays, AWKWARD, 6)
    assert found.updated_at > touched
    assert Release.objects.get(pk=other.pk).title == other.title


def test_lists_are_looked_up_as_one_parameter() -> None:
    release = make_release("R")
    assert list(Release.objects.filter(pk__in=AmongIds([release.pk, 0]))) == [release]
    assert not Release.objects.filter(reference__in=Among([])).exists()
    assert list(Release.objects.filter(reference__in=Among([release.reference, AWKWARD[0]]))) == [release]


def test_the_journal_is_whole(tmp_path: Path) -> None:
    statements_of(tmp_path / "books", books=3)
    added = DeliveryChange.objects.filter(kind="release", act="added")
    assert set(added.values_list("row_id", flat=True)) == set(Release.objects.values_list("pk", flat=True))


def test_packages_are_queued_once_whatever_is_asked_again() -> None:
    resource = make_resource(make_release("R", tracks=0))
    Package.objects.all().delete()
    assert queue.queue_missing(is_trial=True) == 1
    assert [queue.queue_packages(resource_ids=[resource.pk]) for _ in range(2)] == [1, 1]
    assert Package.objects.get().recipe == "hls-audio"
    assert queue.queue_missing(is_trial=True) == 0


def test_statistics_are_gathered_of_whatever_a_delivery_makes_grow() -> None:
    make_release("R")
    db.gather_statistics(*outcome.GROWING)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND reltuples >= 0",
            [list(outcome.GROWING)],
        )
        assert cursor.fetchone() == (len(outcome.GROWING),)
