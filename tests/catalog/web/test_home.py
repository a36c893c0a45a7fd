"""The patron's home: what was begun, what is from here, shelves that lead on; as bob, his child and charlie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from catalog.models import Release
from catalog.web import home, rows, ways_out
from catalog.works import begun, selectors, shelves
from catalog.works.begun import Begun
from subscriptions.access import history
from subscriptions.models import PlaybackPosition, Profile
from tests.factories.catalog import make_audience, make_geography, make_party, make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import sign_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def bob() -> Person:
    """A patron who has it remembered where he stops."""
    person = make_person()
    history.keep(profile_id=person.profile.pk, wanted=True)
    return person


@pytest.fixture
def browse(bob: Person) -> Client:
    """His browser, in English."""
    client = sign_in(bob)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def stop(person: Person, release: Release, *, at: int, track: int = 0, days_ago: int = 0) -> None:
    """Have the person stop in a resource of a release."""
    resource = list(release.resources.order_by("position"))[track]
    PlaybackPosition.objects.create(
        profile=person.profile,
        resource=resource,
        position_s=at,
        updated_at=timezone.now() - timedelta(days=days_ago),
    )


def text(client: Client, address: str = "/discover/") -> str:
    return client.get(address).content.decode()


def test_a_film_goes_on_where_it_was_left(bob: Person, browse: Client) -> None:
    ana = make_party("Ana", home=make_geography()["42218"])
    film = make_release("Marées", artist=ana, medium="video", min_age=3)
    film.resources.update(duration_s=3600)
    stop(bob, film, at=900)
    page = text(browse)
    assert page.index("Go on where you stopped") < page.index('id="from-here"')
    assert 'value="25"' in page
    assert "45\N{NO-BREAK SPACE}min left" in page
    assert 'aria-label="Go on with Marées"' in page


def test_an_album_stands_once_with_its_last_track(bob: Person) -> None:
    album = make_release("Jardins", artist=make_party("Ana"), tracks=3)
    stop(bob, album, at=5, track=0, days_ago=2)
    stop(bob, album, at=9, track=2, days_ago=1)
    found = begun.list_begun(audience=bob.audience, limit=8)
    assert found is not None
    last = album.resources.order_by("position")[2]
    assert [(one.card.title, one.resource_id, one.part) for one in found] == [
        ("Jardins", last.pk, last.title)
    ]


def test_a_book_says_when_it_was_opened_since_nobody_knows_what_is_left() -> None:
    book = make_release("Le pont", artist=make_party("Ana"), medium="book", min_age=3)
    resource = book.resources.get()
    kept = [Begun(resource_id=resource.pk, position_s=60, stopped_at=NOON)]
    (found,) = begun.list_begun(audience=make_audience(), limit=8, listed=lambda **_: kept) or []
    assert (found.percent, found.left_s, found.stopped_at) == (None, None, NOON)
    assert found.card.play_url == f"/play/{resource.pk}/"


def test_the_last_begun_comes_first_and_no_more_than_asked(bob: Person) -> None:
    ana = make_party("Ana")
    for number in range(4):
        stop(bob, make_release(f"Album {number}", artist=ana), at=5, days_ago=number)
    found = begun.list_begun(audience=bob.audience, limit=3) or []
    assert [one.card.title for one in found] == ["Album 0", "Album 1", "Album 2"]


def test_what_may_no_longer_be_seen_is_not_gone_on_with(bob: Person, browse: Client) -> None:
    album = make_release("Jardins", artist=make_party("Ana"))
    stop(bob, album, at=5)
    assert "Go on with Jardins" in text(browse)
    Release.objects.filter(pk=album.pk).update(status="withdrawn")
    assert "Jardins" not in text(browse)


def test_a_child_sees_nothing_of_the_adult_and_nothing_over_its_age(bob: Person) -> None:
    stop(bob, make_release("Nuit", artist=make_party("Ana"), min_age=16), at=5)
    child = Profile.objects.create(
        patron=bob.patron, kind=Profile.Kind.YOUTH, max_age=6, keeps_history=True, name="Lou"
    )
    Profile.objects.filter(pk=child.pk).update(keeps_history=True)
    resource_id = Release.objects.get(title="Nuit").resources.get().pk
    PlaybackPosition.objects.create(
        profile=child, resource_id=resource_id, position_s=3, updated_at=timezone.now()
    )
    lou = Person(bob.library, bob.subscription, bob.patron, child)
    assert begun.list_begun(audience=lou.audience, limit=8) == []


def test_nothing_is_said_to_be_begun_while_history_is_off(bob: Person, browse: Client) -> None:
    stop(bob, make_release("Jardins", artist=make_party("Ana")), at=5)
    history.keep(profile_id=bob.profile.pk, wanted=False)
    page = text(browse)
    assert "Go on where you stopped" not in page
    assert "Where you stop is not remembered" in page
    browse.post("/what-is-kept/history/", {"wanted": "1", "from": "home"})
    assert "Where you stop is not remembered" not in text(browse)


def test_a_work_is_taken_off_for_oneself_alone(bob: Person, browse: Client) -> None:
    album = make_release("Jardins", artist=make_party("Ana"), tracks=2)
    charlie = make_person(commune_code="69123")
    history.keep(profile_id=charlie.profile.pk, wanted=True)
    for person in (bob, charlie):
        stop(person, album, at=5)
    answer = browse.post(f"/what-is-kept/history/{album.pk}/forget/")
    assert (answer.status_code, answer["Location"]) == (302, "/discover/")
    assert list(PlaybackPosition.objects.values_list("profile", flat=True)) == [charlie.profile.pk]


def test_nobody_takes_off_without_being_somebody(client: Client) -> None:
    assert client.post("/what-is-kept/history/1/forget/").status_code == 404
    assert client.get("/what-is-kept/history/1/forget/").status_code == 405


def test_the_steps_of_what_is_from_here_add_up_as_the_facet_does() -> None:
    places = make_geography()
    for name, code in (("own", "42218"), ("near", "42095"), ("far", "69123")):
        make_release(name, artist=make_party(name, home=places[code]))
    steps = home.lay_out(make_audience()).steps
    assert [(step.count.proximity, step.count.count, step.url) for step in steps] == [
        ("own", 1, "/search/?near=own&sort=nearest"),
        ("epci", 2, "/search/?near=epci&sort=nearest"),
        ("region", 3, "/search/?near=region&sort=nearest"),
    ]


def test_every_shelf_leads_to_a_list_with_its_works_and_an_empty_one_is_not_there(browse: Client) -> None:
    ana = make_party("Ana")
    make_release("Jardins", artist=ana, min_age=3)
    make_release("Le pont", artist=ana, medium="book", min_age=3)
    laid = home.lay_out(make_audience())
    assert [row.title for row in laid.shelves] == ["Just arrived", "Music", "Books"]
    for row in laid.shelves:
        assert [card.title for card in row.cards] == [
            card.title for card in browse.get(row.url).context["results"].cards
        ]


def test_children_have_a_shelf_once_there_is_enough_for_one() -> None:
    ana = make_party("Ana")
    for number in range(3):
        make_release(f"Comptine {number}", artist=ana, min_age=0, is_youth=number < 2)
    assert "For children" not in [row.title for row in home.lay_out(make_audience()).shelves]
    make_release("Trop tard", artist=ana, min_age=16, is_youth=True)
    assert "For children" not in [row.title for row in home.lay_out(make_audience()).shelves]
    Release.objects.filter(title="Comptine 2").update(is_youth=True)
    (row,) = [row for row in home.lay_out(make_audience()).shelves if row.title == "For children"]
    assert sorted(card.title for card in row.cards) == ["Comptine 0", "Comptine 1", "Comptine 2"]
    youth = make_audience(max_age=6, is_youth=True)
    assert "For children" not in [row.title for row in home.lay_out(youth).shelves]


def test_subjects_are_those_of_several_works_that_may_be_seen(browse: Client) -> None:
    ana = make_party("Ana")
    make_release("Une", artist=ana, subjects=["Folk", "Été"], min_age=3)
    make_release("Deux", artist=ana, subjects=["folk", "été"], min_age=3)
    make_release("Trois", artist=ana, subjects=["jazz"], min_age=16)
    make_release("Quatre", artist=ana, subjects=["jazz"], min_age=16)
    assert shelves.list_subjects(audience=make_audience(), limit=9) == ["été", "folk", "jazz"]
    assert shelves.list_subjects(audience=make_audience(max_age=6, is_youth=True), limit=9) == ["été", "folk"]
    (way, *_) = rows.subject_ways(["Été"])
    assert (way.label, browse.get(way.url).context["results"].total) == ("Été", 2)


Ask = Callable[[str], list[tuple[str, int]]]


@pytest.fixture
def ways(browse: Client) -> Ask:
    """What the page offers at an address that finds nothing."""

    def ask(address: str) -> list[tuple[str, int]]:
        found: list[ways_out.WayOut] = browse.get(address).context["ways"]
        for way in found:
            assert browse.get(way.url).context["results"].total == way.count
        return [(way.label, way.count) for way in found]

    ana = make_party("Ana Roux")
    make_release("Jardins", artist=ana, subjects=["folk"], min_age=3)
    make_release("Rivages", artist=ana, subjects=["folk"], min_age=3)
    make_release("Le pont", artist=ana, medium="book", subjects=["conte"], min_age=3)
    return ask


def test_a_choice_less_is_offered_where_it_finds_something(ways: Ask) -> None:
    assert ways("/search/?medium=book&subject=folk") == [("Without “Book”", 2), ("Without “Folk”", 1)]


def test_a_word_less_is_offered_where_it_finds_something(ways: Ask) -> None:
    assert ways("/search/?q=jardins+xylophone") == [("“jardins”", 1)]
    assert ways("/search/?q=xylophone") == []


def test_words_without_any_choice_are_offered(ways: Ask) -> None:
    assert ways("/search/?q=jardins&medium=book&subject=conte") == [("“jardins” without any choice", 1)]


def test_the_library_can_be_asked_for_what_is_not_there(bob: Person, browse: Client) -> None:
    assert "ask at the desk of Library of 42218" in text(browse, "/search/?q=zzzz")
    bob.library.contact = "mediatheque@example.org"
    bob.library.save()
    page = text(browse, "/search/?q=a%26b+zzzz")
    assert 'href="mailto:mediatheque@example.org?subject=Not%20found%3A%20a%26b%20zzzz"' in page
    bob.library.contact = "https://example.org/ask"
    bob.library.save()
    assert 'href="https://example.org/ask"' in text(browse, "/search/?q=zzzz")


def test_a_work_leads_on_to_its_subjects_its_town_and_its_people(browse: Client) -> None:
    ana = make_party("Ana Roux", home=make_geography()["42218"])
    album = make_release("Jardins", artist=ana, subjects=["folk"], min_age=3)
    make_release("Rivages", artist=ana, subjects=["folk"], min_age=3)
    page = text(browse, selectors.get_release(audience=make_audience(), release_id=album.pk).card.url)
    assert '<a href="/search/?subject=folk">Folk</a>' in page
    assert '<a href="/search/?near=own">Saint-Étienne, where you are</a>' in page
    assert f'<a class="shelf__all" href="/artists/{ana.pk}/ana-roux/">Ana Roux</a>' in page


def test_the_head_leads_to_what_the_library_gives(browse: Client) -> None:
    page = text(browse)
    assert 'href="/search/?medium=music"' in page
    assert 'href="/search/?near=region&amp;sort=nearest"' in page
    books = sign_in(make_person(commune_code="69123", media=("book",)))
    assert 'href="/search/?medium=music"' not in text(books)
