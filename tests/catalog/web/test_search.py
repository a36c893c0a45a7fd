"""The search page: shared by its address, swapped in part by htmx, and what it suggests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from pytest_django import DjangoAssertNumQueries

from catalog.web import search_views
from catalog.works.audience import Audience
from catalog.works.search import layers
from tests.factories.catalog import make_audience, make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
CHILD = make_audience(max_age=6, is_youth=True)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def shelf() -> None:
    ana = make_party("Ana Roux", home=make_geography()["42218"])
    for number in range(61):
        make_release(f"Album {number:02}", artist=ana, subjects=["folk"], languages=["fr"], min_age=3)
    make_release("Roman noir", medium="book", artist=make_party("Zoé Noir"), languages=["br"], min_age=16)


def ask(address: str, audience: Audience | None = None, *headers: str) -> tuple[str, dict[str, str]]:
    request = RequestFactory().get(address, headers=dict.fromkeys(headers, "true"))
    request.audience = audience or make_audience()  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    view = search_views.suggest if "suggest" in address else search_views.search
    response = view(request)
    return response.content.decode(), dict(response.items())


def test_a_page_can_be_shared(shelf: None) -> None:
    page, _headers = ask("/search/?q=album&medium=music&language=fr&sort=title")
    assert page.count('class="tile"') == 60
    assert "61 works" in page
    assert (
        'id="order-title" href="/search/?q=album&amp;medium=music&amp;language=fr&amp;sort=title" aria-current'
        in page
    )
    assert '<span class="unseen">Remove: </span>French' in page


def test_without_script_the_next_page_is_a_link(shelf: None) -> None:
    page, _headers = ask("/search/?q=album&sort=title")
    address = page.split('finder__more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    following, _headers = ask(address)
    assert "Album 60" in following
    assert "Album 59" not in following
    assert "Back to the beginning of the list" in following


def test_htmx_gets_the_list_and_the_counts_alone(shelf: None) -> None:
    part, headers = ask("/search/?medium=book&q=&sort=newest", None, "HX-Request")
    assert part.lstrip().startswith('<section class="finder__list"')
    assert 'id="facet-values" hx-swap-oob="true"' in part
    assert (headers["HX-Push-Url"], "HX-Request" in headers["Vary"]) == ("/search/?medium=book", True)


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_navigation_gets_the_whole_page(shelf: None, header: str) -> None:
    page, _headers = ask("/search/", None, "HX-Request", header)
    assert page.lstrip().startswith("<!doctype html>")


def test_htmx_gets_further_works_to_put_below(shelf: None) -> None:
    page, _headers = ask("/search/?q=album")
    address = page.split('finder__more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    part, headers = ask(address, None, "HX-Request")
    assert part.count('class="tile"') == 1
    assert "HX-Push-Url" not in headers


def test_a_place_that_is_not_known_begins_the_list_anew(shelf: None) -> None:
    page, _headers = ask("/search/?q=album&cursor=forged:x")
    assert page.count('class="tile"') == 60


def test_sixty_works_cost_a_fixed_number_of_queries(
    shelf: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    layers.forget()
    with django_assert_num_queries(9):
        ask("/search/?q=album&language=fr")


def test_titles_names_and_subjects_are_suggested(shelf: None) -> None:
    for typed, found in (
        ("rom", "Roman noir"),
        ("an", "Ana Roux"),
        ("roux", "Ana Roux"),
        ("fol", "Folk"),
        ("albun", "Album"),
    ):
        options, headers = ask(f"/search/suggest?q={typed}")
        assert found in options
        assert "no-store" in headers["Cache-Control"]
    assert 'data-url="/search/?subject=folk"' in ask("/search/suggest?q=fol")[0]


def test_a_child_is_suggested_nothing_beyond_its_age(shelf: None) -> None:
    for typed in ("rom", "roman noir", "zoe", "noir", "romn", "r", "z"):
        options, _headers = ask(f"/search/suggest?q={typed}", CHILD)
        assert "oir" not in options


def test_what_is_suggested_cannot_be_markup() -> None:
    make_release('<img src=x onerror="alert(1)">', artist=make_party("<b>"))
    options, _headers = ask("/search/suggest?q=img")
    assert "<img" not in options
    assert "&lt;img" in options


def test_visitors_are_suggested_nothing(client: Client, shelf: None) -> None:
    assert client.get("/search/suggest?q=album").status_code == 302


def test_where_nothing_is_found_there_is_nothing_to_narrow(shelf: None) -> None:
    empty, _headers = ask("/search/?q=zzzzqq")
    assert 'id="facets"' not in empty
    assert 'popovertarget="facets"' not in empty
    chosen, _headers = ask("/search/?q=album&language=br")
    assert 'id="facets"' in chosen
    assert chosen.count('class="chip"') == 1
