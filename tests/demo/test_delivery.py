"""The folders that the houses hand over."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from stdnum import ean

from catalog.ingest.folder import read_folder
from catalog.packaging import comic_book, pdf_book
from catalog.packaging.captions import read_captions
from catalog.packaging.recipe import Material
from mediaplatform.demo import delivery
from mediaplatform.demo.artists import PARTIES, PAYEES
from mediaplatform.demo.films.captions import CAPTIONS, write_srt
from mediaplatform.demo.repertoire.houses import DELIVERERS, RELEASES
from mediaplatform.demo.repertoire.stories import PRINTED_RELEASES
from mediaplatform.demo.repertoire.works import Deliverer, Release
from mediaplatform.demo.studio import make_media

FILMS = DELIVERERS[2]
BOOKS = Deliverer("petite-ecluse", DELIVERERS[1].name, DELIVERERS[1].releases)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as sheet:
        return list(csv.DictReader(sheet))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivery.write_delivery(BOOKS, folder=tmp_path_factory.mktemp("delivery"), workers=1)


def test_every_share_of_the_repertoire_goes_to_somebody_known_and_sums_to_the_whole() -> None:
    payees = {payee.legal_name for payee in PAYEES}
    for resource in (resource for release in RELEASES for resource in release.resources):
        assert sum(share for _, share in resource.shares) == 10_000
        assert {name for name, _ in resource.shares} <= payees


def test_everyone_who_is_credited_is_introduced() -> None:
    parties = {party.name for party in PARTIES}
    for release in RELEASES:
        assert release.label in parties
        assert {name for resource in release.resources for name, _ in resource.credits} <= parties


def test_references_and_eans_are_unique_and_the_eans_check() -> None:
    eans = [delivery.ean(release) for release in RELEASES]
    references = [delivery.resource_reference(r, x) for r in RELEASES for x in r.resources]
    assert len(set(eans)) == len(eans)
    assert all(ean.is_valid(number) for number in eans)
    assert len(set(references)) == len(references)


def test_a_delivery_names_only_files_that_it_holds(folder: Path) -> None:
    for row in rows(folder / "delivery.csv"):
        assert (folder / row["file"]).stat().st_size > 1_000
        assert (folder / row["cover_file"]).stat().st_size > 1_000


def test_a_delivery_pays_author_and_illustrator_sixty_to_forty(folder: Path) -> None:
    shares = {(row["resource_ref"], row["payee"]): row["share_bp"] for row in rows(folder / "rights.csv")}
    assert shares["PE-001-01", "Anselme Passepluie"] == "6000"
    assert shares["PE-001-01", "Colombe Lavis"] == "4000"


def test_a_delivery_introduces_exactly_those_it_needs(folder: Path) -> None:
    names = {row["name"] for row in rows(folder / "parties.csv")}
    credited = {
        part.split(":")[0] for row in rows(folder / "delivery.csv") for part in row["credits"].split("|")
    }
    assert names == credited | {"Éditions de la Petite Écluse"}


def test_a_finished_delivery_is_kept_and_a_broken_one_made_again(folder: Path) -> None:
    said: list[str] = []
    (folder / "media" / "stray").write_text("left over")
    delivery.write_delivery(BOOKS, folder=folder.parent, workers=1, say=said.append)
    assert said == []
    (folder / delivery.MARK).write_text("made by an older generator")
    delivery.write_delivery(BOOKS, folder=folder.parent, workers=1, say=said.append)
    assert len(said) == len(BOOKS.releases)
    assert not (folder / "media" / "stray").exists()


def test_a_delivery_is_read_without_a_fault(folder: Path, tmp_path: Path) -> None:
    received = read_folder(folder, workplace=tmp_path)
    assert [str(fault) for fault in received.faults.found] == []
    assert {reference for reference, _part in received.parts.items()} == {
        delivery.resource_reference(r, x) for r in BOOKS.releases for x in r.resources
    }
    assert len(received.covers) == len(BOOKS.releases)


def test_films_without_words_have_captions_that_say_what_is_heard() -> None:
    for slug, said in CAPTIONS.items():
        for language in ("fr", "en"):
            cues = read_captions(write_srt(slug, language).encode())
            assert [cue.start_ms / 1000 for cue in cues] == [one[0] for one in said]
            assert all(one.end_ms <= later.start_ms for one, later in pairwise(cues))


@pytest.mark.parametrize(
    ("release", "recipe"), [(PRINTED_RELEASES[0], comic_book), (PRINTED_RELEASES[1], pdf_book)]
)
def test_the_comic_and_the_pdf_are_what_readers_open(
    release: Release, recipe: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "package").mkdir()
    make_media(release, release.resources[0], tmp_path / "original")
    built = recipe.build(Material(tmp_path / "original", "fr"), tmp_path / "package", lambda _part: None)
    assert built.facts["pages"] == {"cbz": 5, "pdf": 13}[release.suffix]
