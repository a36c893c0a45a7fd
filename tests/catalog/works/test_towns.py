"""Towns are suggested as one types, if somebody from there made something that may be seen."""

from __future__ import annotations

import pytest

from catalog.models import Release, Territory
from catalog.works import selectors
from tests.factories.catalog import make_audience, make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
BOB = make_audience()


@pytest.fixture
def places() -> dict[str, Territory]:
    """Somebody of Saint-Étienne and somebody of Firminy; Roanne has nobody."""
    found = make_geography()
    for code in ("42218", "42095"):
        make_release(f"From {code}", artist=make_party(f"Somebody of {code}", home=found[code]), min_age=6)
    return found


def towns(query: str, **fields: object) -> list[tuple[str, str]]:
    audience = make_audience(**fields) if fields else BOB
    return [(one.text, one.url) for one in selectors.suggest_towns(audience=audience, query=query)]


@pytest.mark.usefixtures("places")
def test_a_town_is_found_however_it_is_typed_and_one_s_own_by_its_facet() -> None:
    assert towns("SAINT ETI") == [("Saint-Étienne", "/search/?near=own")]
    assert towns("firmi") == [("Firminy", "/search/?q=Firminy")]


@pytest.mark.usefixtures("places")
def test_what_is_suggested_finds_something() -> None:
    assert towns("roa") == []
    assert towns("fi") == []
    assert towns("%") == []


@pytest.mark.usefixtures("places")
def test_a_town_of_which_nothing_may_be_seen_is_not_named() -> None:
    assert towns("firmi", max_age=3, is_youth=True) == []
    assert towns("firmi", max_age=6, is_youth=True) == [("Firminy", "/search/?q=Firminy")]
    assert towns("firmi", media=frozenset({"book"})) == []
    Release.objects.filter(title="From 42095").update(status="withdrawn")
    assert towns("firmi") == []


def test_no_more_than_two_the_larger_first(places: dict[str, Territory]) -> None:
    for number in range(3):
        town = Territory.objects.create(
            level="commune",
            code=f"4290{number}",
            name=f"Firmin-{number}",
            search_name=f"firmin {number}",
            vintage=2026,
            population=number,
            country_code="FR",
        )
        make_release(f"Of {number}", artist=make_party(f"Somebody of {number}", home=town))
    assert [name for name, _url in towns("firmi")] == ["Firmin-2", "Firmin-1"]
