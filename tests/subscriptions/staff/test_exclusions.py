"""What a library keeps out of its offer is on no surface of its patrons, and on all of other libraries'."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Credit, Package, Release
from catalog.streaming import denials
from mediaplatform.infrastructure.objectstore import get_store
from subscriptions.libraries import exclusions
from subscriptions.libraries.exclusions import ExclusionRefused
from subscriptions.models import Exclusion, Library
from tests.factories.catalog import make_geography, make_party, make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import assert_problem, open_playback, post, sign_in
from tests.subscriptions.people import make_staff, make_user
from tests.subscriptions.web.surfaces import COVERED, met, names_of_patron_pages

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def bob() -> Person:
    return make_person()


@pytest.fixture
def alice(bob: Person) -> Client:
    return make_staff(bob.library, "manager")


@pytest.fixture
def album(bob: Person) -> Release:
    """Explicit, by a label, so that each kind of exclusion can hide it."""
    return make_release(
        "Xylophage",
        artist=make_party("Zoé Quartz", home=make_geography()["42218"]),
        label=make_party("Rive Gauche"),
        subjects=["onlyhere"],
        is_explicit=True,
    )


def page(library: Library, rest: str = "") -> str:
    return f"/staff/{library.slug}/offer/{rest}"


def exclude(alice: Client, library: Library, kind: str, subject: object = "") -> None:
    answer = alice.post(page(library, "exclude/"), {"kind": kind, "subject": subject})
    assert answer.status_code == 302


def subject_of(kind: str, album: Release) -> object:
    return {"release": album.pk, "publisher": album.label_id, "explicit": ""}[kind]


def test_every_patron_page_is_looked_at() -> None:
    assert names_of_patron_pages() == COVERED


@pytest.mark.parametrize("kind", ["release", "publisher", "explicit"])
def test_what_is_kept_out_is_on_no_surface_until_it_is_let_in_again(
    kind: str, alice: Client, bob: Person, album: Release
) -> None:
    make_release("Autre")
    patron = sign_in(bob)
    everywhere = met(patron, album)
    assert {
        "release",
        "play",
        "cover",
        "artist",
        "discover",
        "stream",
        "queue",
        "api search",
        "count",
    } <= set(everywhere)
    exclude(alice, bob.library, kind, subject_of(kind, album))
    assert met(patron, album) == []
    line = Exclusion.objects.get()
    alice.post(page(bob.library, f"{line.pk}/readmit/"))
    assert met(patron, album) == everywhere


@pytest.mark.parametrize("kind", ["release", "publisher", "explicit"])
def test_other_libraries_are_not_concerned(kind: str, alice: Client, bob: Person, album: Release) -> None:
    charlie = sign_in(make_person(commune_code="69123"))
    before = met(charlie, album)
    exclude(alice, bob.library, kind, subject_of(kind, album))
    assert met(charlie, album) == before


def test_a_publisher_that_is_only_credited_is_kept_out_too(alice: Client, bob: Person) -> None:
    book = make_release("Xylophage", medium="book")
    house = make_party("Éditions du Lac")
    Credit.objects.create(release=book, party=house, role=Credit.Role.PUBLISHER)
    exclude(alice, bob.library, "publisher", house.pk)
    assert met(sign_in(bob), book) == []


def test_what_plays_is_not_renewed(alice: Client, bob: Person, album: Release) -> None:
    patron = sign_in(bob)
    opened = open_playback(patron, album.resources.get())
    exclude(alice, bob.library, "release", album.pk)
    assert_problem(post(patron, "/api/v1/playback/renew", {"token": opened["token"]}), 404, "not_visible")


def test_the_public_page_leaves_it_out(client: Client, alice: Client, bob: Person, album: Release) -> None:
    Release.objects.update(is_explicit=False)
    sign_in(bob)  # its subscription runs today
    assert "Xylophage" in client.get(f"/l/{bob.library.slug}/").content.decode()
    exclude(alice, bob.library, "release", album.pk)
    assert "Xylophage" not in client.get(f"/l/{bob.library.slug}/").content.decode()


def test_staff_find_exclude_and_undo_by_the_page(alice: Client, bob: Person, album: Release) -> None:
    sign_in(bob)
    found = alice.get(page(bob.library), {"q": "xylo"}, headers=ENGLISH).content.decode()
    assert f'name="subject" value="{album.pk}"' in found
    label = alice.get(page(bob.library), {"q": "rive"}, headers=ENGLISH).content.decode()
    assert f'name="subject" value="{album.label_id}"' in label
    exclude(alice, bob.library, "release", album.pk)
    shown = alice.get(page(bob.library), {"q": "xylo"}, headers=ENGLISH).content.decode()
    assert "kept out" in shown
    assert "alice" in shown
    alice.post(page(bob.library, f"{Exclusion.objects.get().pk}/readmit/"))
    line = exclusions.list_exclusions(library_id=bob.library.pk)[0]
    assert (line.name, bool(line.readmitted_at), "alice" in line.readmitted_by) == ("Xylophage", True, True)


def test_twice_is_once_and_each_time_is_remembered(bob: Person, album: Release) -> None:
    user, now = make_user("a@example.org"), timezone.now()
    first = exclusions.exclude(library=bob.library, kind="release", subject_id=album.pk, by=user, now=now)
    again = exclusions.exclude(library=bob.library, kind="release", subject_id=album.pk, by=user, now=now)
    assert first == again
    later = now + timedelta(hours=1)
    assert exclusions.readmit(library=bob.library, exclusion_id=first.pk, by=user, now=later)
    assert not exclusions.readmit(library=bob.library, exclusion_id=first.pk, by=user, now=later)
    exclusions.exclude(library=bob.library, kind="release", subject_id=album.pk, by=user, now=later)
    assert Exclusion.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "subject"), [("release", 10**9), ("release", None), ("publisher", 10**9), ("smell", 1)]
)
def test_what_is_not_there_cannot_be_kept_out(bob: Person, kind: str, subject: int | None) -> None:
    with pytest.raises(ExclusionRefused):
        exclusions.exclude(
            library=bob.library,
            kind=kind,
            subject_id=subject,
            by=make_user("a@example.org"),
            now=timezone.now(),
        )


@pytest.mark.parametrize("subject", ["x", "-1", "9" * 30, ""])
def test_a_forged_form_changes_nothing(alice: Client, bob: Person, subject: str) -> None:
    exclude(alice, bob.library, "release", subject)
    assert not Exclusion.objects.exists()


def test_the_staff_of_another_library_and_readers_change_nothing(
    alice: Client, bob: Person, album: Release
) -> None:
    exclude(alice, bob.library, "release", album.pk)
    line = Exclusion.objects.get()
    other = make_person(commune_code="69123").library
    charlie = make_staff(other, "admin", "charlie@example.org")
    reader = make_staff(bob.library, "reader", "reader@example.org")
    for browser in (charlie, reader, Client()):
        assert browser.get(page(bob.library)).status_code in {302, 404}
        assert browser.post(page(bob.library, "exclude/"), {"kind": "explicit"}).status_code in {302, 404}
        assert browser.post(page(bob.library, f"{line.pk}/readmit/")).status_code in {302, 404}
    charlie.post(page(other, f"{line.pk}/readmit/"))
    assert Exclusion.objects.get().readmitted_at is None


@pytest.fixture
def own_store(settings: Settings, tmp_path: Path) -> None:
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("kind", ["release", "publisher", "explicit"])
def test_what_plays_already_ends_within_half_a_minute_and_nothing_else_does(
    kind: str, bob: Person, alice: Client, album: Release, django_capture_on_commit_callbacks: Any
) -> None:
    other = make_release("Another")
    for release in (album, other):
        digest = Package.objects.get(resource__release=release).digest
        get_store().put_bytes(key=f"packages/{digest}/master.m3u8", data=b"#EXTM3U", content_type="x/x")
    client, charlies = sign_in(bob), sign_in(make_person(commune_code="69123"))
    mine, further = (open_playback(client, one.resources.get()) for one in (album, other))
    his = open_playback(charlies, album.resources.get())
    with django_capture_on_commit_callbacks(execute=True):
        exclude(alice, bob.library, kind, subject_of(kind, album))
    denials._copy.forget()  # ten seconds later
    assert [Client().get(one["manifest_url"]).status_code for one in (mine, further, his)] == [401, 401, 200]
    assert_problem(post(client, "/api/v1/playback/renew", {"token": mine["token"]}), 404, "not_visible")
    renewed = post(client, "/api/v1/playback/renew", {"token": further["token"]}).json()
    assert Client().get(f"{renewed['base_url']}master.m3u8").status_code == 200
