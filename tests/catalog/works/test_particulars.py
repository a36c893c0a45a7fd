"""What a work's page says beyond its makers."""

from __future__ import annotations

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from catalog.ingest.release_cells import CONTROLS, DESCRIPTORS, PLATFORMS
from catalog.works import particulars, selectors
from tests.factories.catalog import make_audience, make_release

BOB = make_audience()


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("line", ["2026 Rive Gauche", "℗ 2026 Rive Gauche", "(P) 2026 Rive Gauche "])
def test_a_rights_line_bears_its_sign_once(line: str) -> None:
    assert particulars.sign_line("℗", line) == "℗ 2026 Rive Gauche"
    assert particulars.sign_line("©", " ") == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(None, None, ""), (1, 1, "1 player"), (2, None, "2 players"), (1, 4, "1 to 4 players")],
)
def test_players_are_counted_in_words(low: int | None, high: int | None, said: str) -> None:
    assert particulars.describe_players(low, high) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 10, "Not rated: not shown to young readers"),
        (0, None, "For everybody"),
        (6, None, "From 6 years"),
        (6, 10, "From 6 to 10 years"),
        (0, 3, "From 0 to 3 years"),
        (6, 6, "For the age of 6 years"),
    ],
)
def test_ages_are_said_with_the_highest(low: int | None, high: int | None, said: str) -> None:
    assert particulars.describe_ages(low, high) == said


def test_every_code_that_a_delivery_may_bear_has_words() -> None:
    assert set(particulars.PLATFORMS) == PLATFORMS
    assert set(particulars.CONTROLS) == CONTROLS
    assert set(particulars.DESCRIPTORS) == DESCRIPTORS


def test_words_stand_in_one_order_and_unknown_codes_as_they_are() -> None:
    assert particulars.name_all(["strange", "touch", "keyboard"], particulars.CONTROLS) == (
        "keyboard",
        "touch",
        "strange",
    )


RELATED = [["06", "9782070360024"], ["23", "9782070360024"], ["30", "9782070368228"], ["11", "9782070408504"]]


@pytest.mark.django_db
def test_related_works_are_those_of_the_catalogue_each_once() -> None:
    make_release("À voix haute", ean="9782070360024")
    make_release("Le second tome", medium="book", ean="9782070368228")
    book = make_release("Le pont", medium="book", ean="9782070612758", related=RELATED)
    found = selectors.get_release(audience=BOB, release_id=book.pk).particulars.relations
    assert [(one.label, [work.title for work in one.works]) for one in found] == [
        ("In the same collection", ["Le second tome"]),
        ("In another form", ["À voix haute"]),
    ]


@pytest.mark.django_db
def test_a_child_is_not_told_of_related_works_above_its_age() -> None:
    make_release("Pour les grands", medium="book", ean="9782070360024", min_age=16)
    make_release("Sans âge", medium="book", ean="9782070368228")
    book = make_release("Le pont", medium="book", min_age=3, related=RELATED)
    child = make_audience(is_youth=True, max_age=6)
    assert selectors.get_release(audience=child, release_id=book.pk).particulars.relations == ()
    assert len(selectors.get_release(audience=BOB, release_id=book.pk).particulars.relations) == 2


@pytest.mark.django_db
def test_related_works_cost_one_query_and_none_where_there_are_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_release("À voix haute", ean="9782070360024")
    book = make_release("Le pont", medium="book", related=RELATED)
    alone = make_release("Seul", medium="book")
    with django_assert_num_queries(3):
        selectors.get_release(audience=BOB, release_id=alone.pk)
    with django_assert_num_queries(4):
        selectors.get_release(audience=BOB, release_id=book.pk)
