"""Shelves by place, subject and date; nothing of them depends on who listened to what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Release
from catalog.works import selectors, shelves
from tests.factories.catalog import make_audience, make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
BOB = make_audience()


def make_works() -> dict[str, Release]:
    places = make_geography()
    codes = {"own": "42218", "epci": "42095", "departement": "42187", "region": "69123", "abroad": "BE"}
    return {
        name: make_release(
            name,
            artist=make_party(f"Someone {name}", home=places[code]),
            published_at=timezone.now() - timedelta(days=number),
        )
        for number, (name, code) in enumerate(reversed(codes.items()))
    }


def test_what_is_from_here_is_nearest_first_and_ends_with_the_region() -> None:
    make_works()
    found = [card.title for card in shelves.list_from_here(audience=BOB, limit=9)]
    assert found == ["own", "epci", "departement", "region"]
    assert [card.title for card in shelves.list_from_here(audience=BOB, limit=2)] == found[:2]


def test_a_public_page_shows_nothing_explicit() -> None:
    make_works()
    Release.objects.filter(title="own").update(is_explicit=True)
    found = shelves.list_from_here(audience=BOB, limit=9, is_public=True)
    assert [card.title for card in found] == ["epci", "departement", "region"]


def test_each_work_is_counted_once_where_it_is_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    works = make_works()
    make_release("both", artist=make_party("Someone own"))
    counted = shelves.count_nearness(audience=BOB)
    assert [(one.proximity, one.count, one.place_name) for one in counted] == [
        ("own", 2, "Saint-Étienne"),
        ("epci", 1, "Saint-Étienne Métropole"),
        ("departement", 1, "Loire"),
        ("region", 1, "Auvergne-Rhône-Alpes"),
    ]
    monkeypatch.setattr(shelves, "MOST_COUNTED", 1)
    assert [(one.count, one.is_capped) for one in shelves.count_nearness(audience=BOB)][:2] == [
        (1, True),
        (1, False),
    ]
    assert len(works) == 5


def test_beside_a_work_stand_its_town_and_its_subject_each_once() -> None:
    ana = make_party("Ana", home=make_geography()["42218"])
    town = make_party("Bo", home=make_geography()["42218"])
    work = make_release("Le pont", artist=ana, subjects=["Folk"])
    make_release("Du même", artist=ana, subjects=["folk"])
    make_release("Du bourg", artist=town, subjects=["folk"])
    make_release("Du genre", subjects=["FOLK"])
    make_release("Rien", subjects=["jazz"])
    page = selectors.get_release(audience=BOB, release_id=work.pk)
    beside = [[card.title for card in row] for row in (page.more, page.same_town, page.same_subject)]
    assert beside == [["Du même"], ["Du bourg"], ["Du genre"]]
    artist = selectors.get_artist(audience=BOB, party_id=ana.pk)
    assert [card.title for card in artist.same_town] == ["Du bourg"]


def test_a_child_finds_nothing_beside_that_is_not_for_its_age() -> None:
    ana = make_party("Ana", home=make_geography()["42218"])
    work = make_release("Le pont", artist=ana, subjects=["folk"], min_age=3)
    for title, age in (("Grand", 12), ("Sans âge", None)):
        make_release(
            title, artist=make_party(title, home=make_geography()["42218"]), subjects=["folk"], min_age=age
        )
    page = selectors.get_release(audience=make_audience(max_age=6, is_youth=True), release_id=work.pk)
    assert (page.same_town, page.same_subject) == ((), ())
