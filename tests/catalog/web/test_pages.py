"""Patron pages, asked at their addresses by bob (Saint-Étienne), by his child, and by charlie (elsewhere)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import MediaFile, Party, Release
from catalog.works.audience import Audience
from mediaplatform.infrastructure.objectstore import get_store
from tests.factories.catalog import make_audience, make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpResponse]
DIGEST = "c0ffee" + "0" * 58


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def ask(rf: RequestFactory) -> Ask:
    """Ask for an address as an audience."""

    def answer(address: str, audience: Audience | None, **headers: str) -> HttpResponse:
        request = rf.get(address, headers=headers)
        request.audience, request.user = audience, AnonymousUser()  # type: ignore[attr-defined]
        found = resolve(request.path)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return answer


@pytest.fixture
def ana() -> Party:
    return make_party("Ana Roux", home=make_geography()["42218"])


@pytest.fixture
def album(ana: Party) -> Release:
    return make_release("Jardins", artist=ana, tracks=3, description="Trois matins.", min_age=None)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_home_begins_with_what_is_from_here(ask: Ask, album: Release) -> None:
    page = text(ask("/discover/", make_audience()))
    assert page.index('id="search"') < page.index('id="from-here"') < page.index("Jardins")
    assert f'data-play-release="{album.pk}"' in page
    assert "Saint-Étienne, where you are" in page


def test_an_empty_catalogue_says_so(ask: Ask) -> None:
    assert "The shelves are still empty" in text(ask("/discover/", make_audience()))


def test_the_home_costs_the_same_however_much_there_is(
    ask: Ask, ana: Party, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        make_release(f"Album {number}", artist=ana)
    with django_assert_max_num_queries(26):
        ask("/discover/", make_audience())


def test_search_finds_a_work_by_its_maker(ask: Ask, album: Release) -> None:
    assert "Jardins" in text(ask("/search/?q=roux", make_audience()))


def test_a_search_that_finds_nothing_says_what_to_try(ask: Ask, album: Release) -> None:
    page = text(ask("/search/?q=zzzz%3Cb%3E", make_audience()))
    assert "Nothing is called “zzzz&lt;b&gt;” here." in page
    assert "Perhaps something from here" in page


def test_choices_that_leave_nothing_can_be_taken_away(ask: Ask, album: Release) -> None:
    page = text(ask("/search/?q=jardins&medium=smell&age=3", make_audience()))
    assert "Nothing called “jardins” is all of this at once." in page
    assert 'href="/search/?q=jardins&amp;age=3"' in page
    assert 'href="/search/?q=jardins"' in page


def test_a_work_says_who_made_it_and_plays_each_track(ask: Ask, album: Release) -> None:
    page = text(ask(reverse("catalog:release", args=[album.pk, "jardins"]), make_audience()))
    assert page.count("data-play-resource=") == 3
    assert "Ana Roux" in page
    assert "What a play pays" in page
    assert '<script type="application/ld+json">' in page


@pytest.mark.parametrize(
    ("language", "day"), [("en", "27 November 2026"), ("fr", "27 novembre 2026")], ids=["english", "french"]
)
def test_a_work_says_its_day_as_europe_writes_it(ask: Ask, ana: Party, language: str, day: str) -> None:
    release = make_release("Jardins", artist=ana, released_on=date(2026, 11, 27))
    with translation.override(language):
        page = text(ask(reverse("catalog:release", args=[release.pk, "jardins"]), make_audience()))
    assert f"<dd>{day}</dd>" in page


def test_an_old_slug_leads_to_the_present_one(ask: Ask, album: Release) -> None:
    response = ask(reverse("catalog:release", args=[album.pk, "old"]), make_audience())
    assert (response.status_code, response["Location"]) == (
        301,
        reverse("catalog:release", args=[album.pk, "jardins"]),
    )


def test_a_title_cannot_end_the_data_block(ask: Ask, ana: Party) -> None:
    evil = make_release("</script><script>alert(1)</script>", artist=ana)
    slug = "scriptscriptalert1script"
    assert "<script>alert" not in text(ask(reverse("catalog:release", args=[evil.pk, slug]), make_audience()))


def test_an_artist_has_a_place_and_works(ask: Ask, album: Release, ana: Party) -> None:
    page = text(ask(reverse("catalog:artist", args=[ana.pk, "ana-roux"]), make_audience()))
    assert "Saint-Étienne, where you are" in page
    assert "Jardins" in page


def test_a_book_opens_in_a_shell(ask: Ask, ana: Party) -> None:
    book = make_release("Le pont", artist=ana, medium="book")
    resource = book.resources.get()
    page = text(ask(f"/play/{resource.pk}/", make_audience()))
    assert f'data-shell="book" data-resource="{resource.pk}"' in page


def addresses(release: Release, party: Party) -> list[str]:
    return [
        reverse("catalog:release", args=[release.pk, "jardins"]),
        reverse("catalog:artist", args=[party.pk, "ana-roux"]),
        reverse("catalog:play", args=[release.resources.first().pk]),  # type: ignore[union-attr]
        reverse("catalog:cover", args=[release.pk, 320]),
    ]


@pytest.mark.parametrize(
    "charlie",
    [
        make_audience(media=frozenset()),
        make_audience(media=frozenset({"book"})),
        make_audience(max_age=10, is_youth=True),
    ],
    ids=["without a subscription", "with books alone", "as a child, and it is not rated"],
)
def test_what_may_not_be_seen_is_not_there(ask: Ask, album: Release, ana: Party, charlie: Audience) -> None:
    for address in addresses(album, ana):
        with pytest.raises(Http404):
            ask(address, charlie)
    for address in ("/discover/", "/search/?q=jardins"):
        assert "Ana Roux" not in text(ask(address, charlie))


def test_visitors_are_sent_to_choose_their_library(client: Client, album: Release, ana: Party) -> None:
    for address in ["/discover/", "/search/", *addresses(album, ana)[:3]]:
        assert client.get(address)["Location"] == f"{reverse('landing')}?{urlencode({'next': address})}"


def test_covers_stand_where_anybody_passes_unless_explicit(client: Client, album: Release) -> None:
    address = reverse("catalog:cover", args=[album.pk, 320])
    assert client.get(address).status_code == 200
    Release.objects.update(is_explicit=True)
    assert client.get(address).status_code == 404


def test_a_cover_comes_from_the_store_and_is_not_sent_twice(
    ask: Ask, album: Release, settings: Settings, tmp_path: object
) -> None:
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    get_store().prepare()
    album.cover = MediaFile.objects.create(
        sha256=DIGEST, size_bytes=4, content_type="image/png", filename="c.png"
    )
    album.save()
    get_store().put_bytes(key=f"covers/{DIGEST}/320.webp", data=b"webp", content_type="image/webp")
    address = reverse("catalog:cover", args=[album.pk, 320])
    first = ask(address, make_audience())
    assert (first.content, first["Content-Type"]) == (b"webp", "image/webp")
    assert first["Cache-Control"].startswith("private")
    assert ask(address, make_audience(), **{"If-None-Match": first["ETag"]}).status_code == 304


def test_a_work_without_a_cover_gets_one_drawn(ask: Ask, album: Release) -> None:
    response = ask(reverse("catalog:cover", args=[album.pk, 320]), make_audience())
    assert response["Content-Type"] == "image/svg+xml"
    assert ">Jardins</text>" in text(response)


def test_covers_come_in_few_sizes(ask: Ask, album: Release) -> None:
    with pytest.raises(Http404):
        ask(reverse("catalog:cover", args=[album.pk, 321]), make_audience())


def test_a_game_says_what_it_needs_and_whose_it_is(ask: Ask, ana: Party) -> None:
    game = make_release(
        "Barrage", artist=ana, medium="game", min_age=7, max_age=12, pegi=7, pegi_descriptors=["bad_language"],
        platforms=["desktop", "tablet"], controls=["touch"], min_players=1, max_players=2,
        p_line="2026 Mille-Pattes", c_line="2026 Ana Roux",
    )  # fmt: skip
    page = text(ask(reverse("catalog:release", args=[game.pk, "barrage"]), make_audience()))
    said = ("1 to 2 players", "computer, tablet", "touch", "℗ 2026 Mille-Pattes", "© 2026 Ana Roux")
    assert [words for words in (*said, "From 7 to 12 years", "strong language") if words not in page] == []
    assert "bad_language" not in page


def test_an_audiobook_says_what_its_publisher_declares(ask: Ask, ana: Party) -> None:
    heard = make_release("Le pont", artist=ana, kind="audiobook", accessibility=["51"])
    page = text(ask(reverse("catalog:release", args=[heard.pk, "le-pont"]), make_audience()))
    assert "Can be followed by its recorded sound alone" in page


def test_only_the_page_of_a_game_with_threads_is_isolated(ask: Ask, ana: Party) -> None:
    pages = {}
    for needs in (True, False):
        game = make_release("Barrage", artist=ana, medium="game", needs_threads=needs)
        pages[needs] = ask(f"/play/{game.resources.get().pk}/", make_audience())
    assert pages[True]["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert pages[True]["Cross-Origin-Opener-Policy"] == "same-origin"
    assert 'hx-boost="false" class' in text(pages[True])
    assert "data-threads" in text(pages[True])
    assert "Cross-Origin-Embedder-Policy" not in pages[False]
    assert 'hx-boost="true" class' in text(pages[False])
    assert "data-threads" not in text(pages[False])


def test_a_game_with_threads_is_not_put_into_another_page(ask: Ask, ana: Party) -> None:
    game = make_release("Barrage", artist=ana, medium="game", needs_threads=True)
    address = f"/play/{game.resources.get().pk}/"
    answer = ask(address, make_audience(), HX_Boosted="true", HX_Request="true")
    assert (answer["HX-Redirect"], text(answer)) == (address, "")
