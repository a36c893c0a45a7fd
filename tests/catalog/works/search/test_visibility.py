"""A search reads little, by an index that knows little: what it shows is what `Release.visible_to` shows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.models import Availability, Credit, Medium, Party, Release
from catalog.works.audience import Audience, Exclusions
from catalog.works.search import candidates, index_releases, layers, reading
from catalog.works.search.catalogue import search_catalogue
from catalog.works.search.results import SearchPage, SearchRequest
from catalog.works.search.suggestions import TITLE, suggest
from tests.factories.catalog import make_audience, make_party

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW, TODAY = datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 11, 27)
WORDS = ("lune", "pont", "jardins", "Roux")
WINDOWS = ((-900, None), (-1, None), (-1, 0), (-2, 1), (0, None), (0, 1), (1, None))  # days from today
AMOUNTS = {"few": (1_000, 16_384), "more than are ranked": (5, 16_384), "in layers": (5, 4)}


@pytest.fixture(params=AMOUNTS, autouse=True)
def amounts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """How many works are ranked, and how many the first look back in time holds."""
    most, first = AMOUNTS[request.param]
    monkeypatch.setattr(candidates, "MOST", most)
    monkeypatch.setattr(layers, "FIRST", first)
    monkeypatch.setattr(reading, "WIDER", 2)
    layers.forget()
    yield
    layers.forget()


def write_catalogue(chance: random.Random, publisher: Party, *, count: int = 90) -> None:
    """Write works of every kind: rated and not, open and closed, here and elsewhere, of today and years ago."""
    releases = Release.objects.bulk_create(
        Release(
            deliverer="tests",
            reference=str(number),
            title=" ".join(chance.sample(WORDS, 2)),
            medium=chance.choice(Medium.values),
            kind="album",
            status="published",
            published_at=NOW - timedelta(seconds=chance.choice((60, 86_400, 30_000_000)) * chance.random()),
            languages=[chance.choice(("fr", "br"))],
            min_age=chance.choice((None, 0, 6, 12)),
            is_explicit=chance.random() < 0.2,
            label=publisher if chance.random() < 0.2 else None,
        )
        for number in range(count)
    )
    Availability.objects.bulk_create(
        Availability(
            release=release,
            countries=chance.choice(([], ["FR"], ["BE"], ["BE", "FR"])),
            starts_on=TODAY + timedelta(days=begins),
            ends_on=None if ends is None else TODAY + timedelta(days=ends),
        )
        for release in releases
        for begins, ends in chance.sample(WINDOWS, chance.choice((0, 1, 1, 2)))
    )
    Credit.objects.bulk_create(
        Credit(release=release, party=publisher, role=Credit.Role.PUBLISHER)
        for release in releases
        if chance.random() < 0.1
    )
    index_releases(release_ids=[release.pk for release in releases])


def audiences(chance: random.Random, publisher: Party) -> list[Audience]:
    some = frozenset(chance.sample(sorted(Release.objects.values_list("pk", flat=True)), 20))
    kept = Exclusions(release_ids=some, publisher_ids=frozenset({publisher.pk}), is_explicit_excluded=True)
    return [
        make_audience(),
        make_audience(country="BE", media=frozenset({"book", "game"})),
        make_audience(max_age=6, is_youth=True),
        make_audience(is_youth=True),
        make_audience(exclusions=kept),
        make_audience(country="CH", media=frozenset({"music"})),
    ]


def pages(audience: Audience, request: SearchRequest) -> tuple[SearchPage, list[int]]:
    """Return the first page and the ids of the whole list."""
    first = page = search_catalogue(audience=audience, request=request, on=TODAY, now=NOW)
    ids = [card.id for card in page.cards]
    while page.next_cursor:
        asked = SearchRequest(
            query=request.query, chosen=request.chosen, sort=request.sort, limit=7, cursor=page.next_cursor
        )
        page = search_catalogue(audience=audience, request=asked)
        ids += [card.id for card in page.cards]
    return first, ids


def visible(audience: Audience, words: str) -> list[Release]:
    """Read the same without any index: the newest first."""
    shown = Release.objects.visible_to(audience, on=TODAY).order_by("-published_at", "-pk")
    return [one for one in shown if all(word in one.title for word in words.split())]


@pytest.mark.parametrize("seed", range(2))
def test_every_list_holds_what_may_be_seen_and_nothing_else(seed: int) -> None:
    chance, publisher = random.Random(seed), make_party("Maison")
    write_catalogue(chance, publisher)
    for audience in audiences(chance, publisher):
        for words in ("", "lune", "jard", "lune jard"):
            expected = visible(audience, words)
            page, ids = pages(audience, SearchRequest(query=words, sort="newest", limit=7))
            assert ids == [one.pk for one in expected]
            assert page.total == min(page.total if page.is_capped else len(expected), len(expected))
            assert page.is_capped == (len(expected) > candidates.MOST)
            _page, ids = pages(audience, SearchRequest(query=words, sort="title", limit=7))
            assert ids == [one.pk for one in sorted(expected, key=lambda one: (one.title.lower(), one.pk))]


@pytest.mark.parametrize("seed", range(2))
def test_facets_narrow_and_count_what_may_be_seen(seed: int) -> None:
    chance, publisher = random.Random(seed), make_party("Maison")
    write_catalogue(chance, publisher)
    for audience in audiences(chance, publisher):
        expected = [one for one in visible(audience, "pont") if one.languages == ["br"]]
        request = SearchRequest(query="pont", chosen={"language": ("br",)}, sort="newest", limit=7)
        page, ids = pages(audience, request)
        assert ids == [one.pk for one in expected]
        media = next((one for one in page.facets if one.code == "medium"), None)
        if media and not media.is_capped:
            assert {one.value: one.count for one in media.values} == Counter(one.medium for one in expected)


@pytest.mark.parametrize("seed", range(2))
def test_titles_are_suggested_if_they_may_be_seen(seed: int) -> None:
    chance, publisher = random.Random(seed), make_party("Maison")
    write_catalogue(chance, publisher)
    for audience in audiences(chance, publisher):
        for typed in ("l", "jard", "pont"):
            expected = {one.title for one in visible(audience, typed)}
            begun = {one.title for one in visible(audience, "") if one.title.startswith(typed)}
            found = suggest(audience=audience, query=typed, on=TODAY, now=NOW)
            titles = {one.text for one in found if one.kind == TITLE}
            assert titles <= expected
            assert bool(titles) >= bool(begun)


def test_what_changes_shows_at_once() -> None:
    chance, publisher = random.Random(9), make_party("Maison")
    write_catalogue(chance, publisher)
    everybody = make_audience()
    closed, gone, kept = (one.pk for one in chance.sample(visible(everybody, "lune"), 3))
    Availability.objects.filter(release=closed).update(ends_on=TODAY)
    Release.objects.filter(pk=gone).update(status=Release.Status.WITHDRAWN)  # before its document is
    excluding = make_audience(exclusions=Exclusions(release_ids=frozenset({kept})))
    for audience, hidden in ((everybody, {closed, gone}), (excluding, {closed, gone, kept})):
        expected = [one.pk for one in visible(audience, "lune")]
        _page, ids = pages(audience, SearchRequest(query="lune", sort="newest", limit=7))
        assert ids == expected
        assert not hidden & set(ids)
