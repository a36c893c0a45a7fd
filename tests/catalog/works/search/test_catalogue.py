"""What a search finds, in which order, and how it can be narrowed."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from catalog.models import Availability, Credit, Release, SearchDocument
from catalog.territories.official import plain_name
from catalog.works.audience import Audience
from catalog.works.search import candidates, index_releases, layers, reading
from catalog.works.search.catalogue import search_catalogue
from catalog.works.search.cursors import CursorRefused
from catalog.works.search.results import SearchPage, SearchRequest
from tests.factories.catalog import make_audience, make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
CHILD = make_audience(max_age=6, is_youth=True)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def search(query: str = "", *, audience: Audience | None = None, **asked: object) -> SearchPage:
    chosen = {name: tuple(values) for name, values in asked.items() if isinstance(values, list)}
    rest: dict[str, Any] = {name: value for name, value in asked.items() if name not in chosen}
    request = SearchRequest(query=query, chosen=chosen, **rest)
    return search_catalogue(audience=audience or make_audience(), request=request)


def titles(page: SearchPage) -> list[str]:
    return [card.title for card in page.cards]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {
        value.value: value.count for found in page.facets if found.code == facet for value in found.values
    }


@pytest.mark.parametrize(
    "query",
    ["jardins", "JARDÎNS", "jardin", "jard", "suspendus les", "ana roux", "rou", "l'été", "ete", "firminy", "folk",
     "o'brien", "jardins roux folk", "jadrins", "jarddins", "jardins rouxx", "les"],
)  # fmt: skip
def test_a_work_is_found_as_one_types(query: str) -> None:
    ana = make_party("Ana Roux O'Brien", home=make_geography()["42095"])
    make_release("Les jardins suspendus", artist=ana, subtitle="L’Été", subjects=["folk"])
    make_release("Autre chose", artist=make_party("Bo"))
    assert titles(search(query))[0] == "Les jardins suspendus"


@pytest.mark.parametrize("query", ["zzzz", "!!!", "jardins zzzz", "' & | ! :* (", "\0", "🌻"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    make_release("Les jardins suspendus")
    assert titles(search(query)) == ([] if query.strip("\0") else ["Les jardins suspendus"])


def test_a_typo_says_what_was_looked_for() -> None:
    make_release("Jardins")
    make_release("Nuit blanche")
    assert (search("jadrins").meant, search("jardins").meant) == ("jardins", "")
    assert search("nuti").meant == "nuit"


def test_a_word_just_begun_does_not_empty_the_list() -> None:
    make_release("Daft Pont")
    assert titles(search("daft p")) == ["Daft Pont"]


def test_a_title_comes_before_a_mention_and_of_equals_the_nearer() -> None:
    places = make_geography()
    make_release("Autre", description="La rivière coule.")
    make_release("Rivière", artist=make_party("Far", home=places["75056"]), reference="far")
    make_release("Rivière", artist=make_party("Near", home=places["42095"]), reference="near")
    assert [card.artist for card in search("rivière").cards] == ["Near", "Far", ""]


def test_facets_count_without_their_own_choice() -> None:
    make_release("A", medium="music", subjects=["Jazz"], languages=["fr"])
    make_release("B", medium="book", subjects=["jazz", "blues"], languages=["fr", "br"])
    make_release("C", medium="book", subjects=["blues"], languages=["fr"])
    page = search(medium=["book"])
    assert titles(page) == ["C", "B"]
    assert counts(page, "medium") == {"book": 2, "music": 1}
    assert counts(page, "subject") == {"blues": 2, "jazz": 1}
    assert counts(page, "language") == {"fr": 2, "br": 1}
    both = search(medium=["book", "music"], subject=["jazz"])
    assert (titles(both), both.total) == (["B", "A"], 2)


def test_from_here_is_a_ladder() -> None:
    places = make_geography()
    for code in ("42218", "42095", "42187", "69123", "75056"):
        make_release(code, artist=make_party(code, home=places[code]))
    assert counts(search(), "near") == {"own": 1, "epci": 2, "departement": 3, "region": 4}
    assert titles(search(near=["epci"], sort="title")) == ["42095", "42218"]
    assert titles(search(sort="nearest")) == ["42218", "42095", "42187", "69123", "75056"]


def test_ages_are_those_that_a_work_suits() -> None:
    for age in (0, 4, 10, 18, None):
        make_release(f"{age}", min_age=age)
    page = search(age=["6"], sort="title")
    assert titles(page) == ["0", "4"]
    assert counts(page, "age") == {"3": 1, "6": 2, "10": 3, "13": 3, "16": 3}


def test_decades_run_back() -> None:
    make_release("Old", released_on=date(1987, 1, 1))
    make_release("New")
    assert list(counts(search(), "decade")) == ["2020", "1980"]
    assert titles(search(decade=["1980"])) == ["Old"]


def test_a_child_finds_and_counts_nothing_beyond_its_age() -> None:
    make_release("Le loup", min_age=3, subjects=["conte"])
    make_release("Le loup noir", min_age=12, subjects=["polar"])
    make_release("Le loup gris", subjects=["essai"])
    make_release("Le loup cru", min_age=3, is_explicit=True)
    page = search("loup", audience=CHILD)
    assert (titles(page), page.total, counts(page, "subject")) == (["Le loup"], 1, {})
    assert search("noiir", audience=CHILD).meant == ""


def test_what_is_withdrawn_closed_or_not_included_is_not_found() -> None:
    gone, closed, _book = make_release("Un"), make_release("Deux"), make_release("Trois", medium="book")
    Release.objects.filter(pk=gone.pk).update(status=Release.Status.WITHDRAWN)
    index_releases(release_ids=[gone.pk])
    Availability.objects.filter(release=closed).update(countries=["BE"])
    page = search(audience=make_audience(media=frozenset({"music"})))
    assert (titles(page), page.total) == ([], 0)
    assert not SearchDocument.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("sort", ["relevance", "newest", "title", "nearest"])
@pytest.mark.parametrize("most", [1_000, 3], ids=["few", "more than are ranked"])
def test_a_new_release_neither_repeats_nor_drops_a_row(
    sort: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST", most)
    query = "album" if sort == "relevance" else ""
    for number in range(9):
        make_release(f"Album {number}", published_at=timezone.now() - timedelta(days=number))
    whole = titles(search(query, sort=sort, limit=100))
    first = search(query, sort=sort, limit=2)
    make_release("Album 00 nouveau", artist=make_party("Ici", home=make_geography()["42218"]))
    seen, page = titles(first), first
    while page.next_cursor:
        page = search(query, sort=sort, limit=2, cursor=page.next_cursor)
        seen += titles(page)
    assert seen == whole
    assert len(set(seen)) == len(seen) >= min(most, 9)


def test_a_cursor_is_good_for_its_own_list_alone() -> None:
    for number in range(3):
        make_release(f"Album {number}")
    cursor = search("album", limit=1).next_cursor
    for wrong in (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "x", "a:b"):
        with pytest.raises(CursorRefused):
            search("album", limit=1, cursor=wrong)
    with pytest.raises(CursorRefused):
        search("autre", limit=1, cursor=cursor)


def test_of_very_many_only_a_thousand_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST", 2)
    for number in range(4):
        make_release(f"Album {number}", languages=["fr" if number else "br"])
    page = search("album", language=["br"])
    assert (titles(page), page.total, page.is_capped) == (["Album 0"], 1, False)
    assert search("album").is_capped
    facet = next(one for one in page.facets if one.code == "language")
    assert facet.is_capped


def test_a_title_is_found_among_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST", 2)
    old = datetime(2020, 1, 1, tzinfo=UTC)
    make_release("Amour", published_at=old)
    for number in range(4):
        make_release(f"Nuit {number}", description="Un grand amour.")
    assert titles(search("amour"))[0] == "Amour"


def test_a_change_of_words_is_found_when_indexed_again() -> None:
    release = make_release("Avant", tracks=0)
    Credit.objects.create(release=release, party=make_party("Zoé Blanc"), role="author")
    Release.objects.filter(pk=release.pk).update(title="Après")
    index_releases(release_ids=[release.pk])
    assert (titles(search("avant")), titles(search("apres zoe"))) == ([], ["Après"])


def test_sixty_cards_cost_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ana = make_party("Ana", home=make_geography()["42218"])
    for number in range(61):
        make_release(f"Album {number}", artist=ana)
    # how far back to look, whole words, documents, words that go on, ranks, works, credits, resources, places
    layers.forget()
    with django_assert_num_queries(9):
        page = search("album")
    assert (len(page.cards), page.total) == (60, 61)


def test_a_list_by_title_is_whole_though_it_is_read_by_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that crowd under a few late titles, and the database's own statistics of the alphabet."""
    monkeypatch.setattr(candidates, "MOST", 5)
    monkeypatch.setattr(reading, "WALK", 0)
    monkeypatch.setattr(layers, "FIRST", 4)
    chance = random.Random(3)
    for number in range(120):
        first = "a" if number < 6 else "y" if number > 90 else chance.choice("bcdefgh")
        word = "lune" if first in "bcdefgh" else "soir"
        published = timezone.now() - timedelta(days=200 - number)
        make_release(f"{first}{number:03} {word}", tracks=0, published_at=published)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_searchdocument")
    layers.forget()
    stretches = list(layers.titles("b", timezone.now()))
    assert len(stretches) > 3
    assert "b" < stretches[0].end < stretches[-1].end
    for word in ("lune", "soir"):
        page = search(word, sort="title", limit=9)
        seen = titles(page)
        while page.next_cursor:
            page = search(word, sort="title", limit=9, cursor=page.next_cursor)
            seen += titles(page)
        words = (one.title for one in Release.objects.all())
        assert seen == sorted((one for one in words if word in plain_name(one)), key=plain_name)
    layers.forget()
