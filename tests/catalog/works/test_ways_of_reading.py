"""What a work's page says of its accessibility, in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from catalog.models import Package
from catalog.works.ways_of_reading import Accessibility, describe_book, find_accessibility
from tests.factories.catalog import make_release


@pytest.mark.parametrize(
    ("said", "way"),
    [
        (
            {"accessMode": ["textual", "visual"], "accessModeSufficient": ["textual"]},
            "All of it can be read aloud",
        ),
        ({"accessMode": ["textual"]}, "All of it can be read aloud"),
        ({"accessModeSufficient": ["textual, visual", "auditory"]}, "All of it can be heard"),
        ({"accessMode": ["visual"]}, "Pictures"),
        (
            {"accessMode": ["textual", "visual"], "accessModeSufficient": ["textual,visual"]},
            "Its text can be read",
        ),
        ({}, ""),
    ],
)
def test_how_a_book_can_be_read_is_said_in_words(said: dict[str, list[str]], way: str) -> None:
    with translation.override("en"):
        assert describe_book({"accessibility": said}).way.startswith(way)
        assert bool(describe_book({"accessibility": said}).way) == bool(way)


def test_features_and_hazards_have_names_and_unknown_terms_are_passed_over() -> None:
    facts = {
        "format": "epub", "words": 1200, "pages": 0, "accessibility": {
            "accessibilityFeature": ["tableOfContents", "pageNavigation", "printPageNumbers", "strange"],
            "accessibilityHazard": ["noFlashingHazard"], "accessibilitySummary": ["Fine."],
        },
    }  # fmt: skip
    with translation.override("en"):
        assert describe_book(facts) == Accessibility(
            features=("table of contents", "pages of the printed edition"),
            hazards="none",
            summary=("Fine.",),
            format="EPUB",
            words=1200,
        )
        assert describe_book({"accessibility": {"accessibilityHazard": ["flashing"]}}).hazards == "flashing"


@pytest.mark.django_db
def test_a_film_names_its_captions_in_the_readers_language() -> None:
    release = make_release(medium="video", tracks=2)
    Package.objects.update(facts={"captions": ["fr", "en"], "descriptions": ["fr"]})
    with translation.override("fr"):
        found = find_accessibility(release_id=release.pk)
    assert found is not None
    assert (found.captions, found.descriptions) == (("français", "anglais"), ("français",))


@pytest.mark.django_db
def test_music_and_what_is_not_made_yet_say_nothing() -> None:
    assert find_accessibility(release_id=make_release().pk) is None
    book = make_release(medium="book")
    Package.objects.update(state="queued")
    assert find_accessibility(release_id=book.pk) is None


@pytest.mark.django_db
def test_what_the_publishers_message_declares_stands_beside_what_the_file_says() -> None:
    release = make_release(medium="book", accessibility=["03"])
    Package.objects.update(facts={"format": "epub"})
    with translation.override("en"):
        found = find_accessibility(release_id=release.pk, codes=release.accessibility)
    assert found is not None
    assert found.declared == ("EPUB Accessibility 1.0, level AA",)
