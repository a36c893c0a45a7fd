"""Publishers' messages go in as every delivery does: whole, or refused with each fault at its XPath."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.ingest.xml_files import find_roots
from catalog.models import Delivery, Party, Release, Territory
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.onix.messages import AUDIO, FOR_SALE, ISBN, PRINTED, product, write_message
from tests.factories.catalog import make_geography, write_audio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def geography() -> dict[str, Territory]:
    objectstore.get_store().prepare()
    return make_geography()


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def faults(delivery: Delivery) -> dict[str, str]:
    assert delivery.state == "refused"
    return dict(delivery.faults.values_list("code", "column"))


@pytest.mark.parametrize(
    ("is_short", "release"), [(False, "3.0"), (False, "3.1"), (True, "3.0"), (True, "3.1")]
)
def test_an_e_book_goes_in_with_all_that_is_said_of_it(tmp_path: Path, is_short: bool, release: str) -> None:
    printed = product(PRINTED, form="BC")
    delivery = deliver(write_message(tmp_path, printed, product(), is_short=is_short, release=release))
    assert list(delivery.faults.filter(is_warning=False).values_list("column", "message")) == []
    [book] = Release.objects.all()
    assert (book.reference, book.ean, book.medium, book.kind) == (ISBN, ISBN, "book", "book")
    assert (book.title, book.subtitle) == ("L’été des crues", "récit")
    assert book.description == "La Loire monte.\nOn attend."
    assert book.subjects == ["Roman contemporain", "CLIL 3442", "Loire", "crue", "mémoire"]
    assert (book.languages, book.min_age, book.max_age, book.is_youth) == (["fr"], 9, 12, True)
    assert (book.accessibility, book.related) == (["52"], [["13", PRINTED]])
    assert (book.released_on, book.label) == (date(2026, 1, 10), Party.objects.get(name="Rive Gauche"))
    assert book.cover is not None
    assert list(book.credits.values_list("party__name", "role")) == [
        ("Ana Roux", "author"),
        ("Bo Lind", "translator"),
    ]
    author = Party.objects.get(name="Ana Roux")
    assert (author.isni, author.biography) == ("0000000121032683", "Née à Lyon.\nElle écrit.")
    [window] = book.availabilities.all()
    assert (window.starts_on, window.ends_on, window.countries) == (
        date(2026, 1, 15),
        None,
        ["BE", "CH", "FR"],
    )


def test_an_audiobook_has_its_chapters_in_order(tmp_path: Path) -> None:
    chapters = tmp_path / AUDIO
    chapters.mkdir()
    for name in ("02 la crue.flac", "01 le fleuve.flac"):
        write_audio(chapters / name)
    delivery = deliver(write_message(tmp_path, product(AUDIO, form="AJ")))
    assert list(delivery.faults.filter(is_warning=False).values_list("column", "message")) == []
    book = Release.objects.get(reference=AUDIO)
    assert (book.medium, book.kind) == ("music", "audiobook")
    assert list(book.resources.order_by("position").values_list("title", flat=True)) == [
        "le fleuve",
        "la crue",
    ]


def test_the_same_message_changes_nothing_and_an_update_keeps_its_ids(tmp_path: Path) -> None:
    first = deliver(write_message(tmp_path, product()))
    release = Release.objects.get()
    assert deliver(write_message(tmp_path, product())) == first
    deliver(write_message(tmp_path, product(rights="")))
    assert Release.objects.get().pk == release.pk
    assert release.availabilities.get().countries == []


@pytest.mark.parametrize("changes", [{"notification": "05"}, {"status": "11"}, {"status": "17"}])
def test_a_deleted_or_withdrawn_product_is_taken_down(tmp_path: Path, changes: dict[str, str]) -> None:
    deliver(write_message(tmp_path, product()))
    deliver(write_message(tmp_path, product(**changes)))
    assert Release.objects.get().status == Release.Status.WITHDRAWN


@pytest.mark.parametrize(
    ("rights", "countries"),
    [
        ("", []),
        (
            FOR_SALE.replace(
                "<CountriesIncluded>FR BE CH</CountriesIncluded>", "<RegionsIncluded>WORLD</RegionsIncluded>"
            ),
            [],
        ),
        (f"{FOR_SALE}<ROWSalesRightsType>03</ROWSalesRightsType>", ["BE", "CH", "FR"]),
    ],
)
def test_sales_rights_become_countries(tmp_path: Path, rights: str, countries: list[str]) -> None:
    deliver(write_message(tmp_path, product(rights=rights)))
    assert Release.objects.get().availabilities.get().countries == countries


def test_the_world_without_some_countries_is_all_the_others(tmp_path: Path) -> None:
    rights = (
        "<SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>"
        "<CountriesExcluded>US CA</CountriesExcluded></Territory></SalesRights>"
    )
    deliver(write_message(tmp_path, product(rights=rights)))
    countries = Release.objects.get().availabilities.get().countries
    assert {"FR", "DE", "JP"} <= set(countries)
    assert not {"US", "CA"} & set(countries)


def test_each_fault_is_named_at_its_place(tmp_path: Path) -> None:
    nowhere = (
        "<SalesRights><SalesRightsType>03</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>"
        "</Territory></SalesRights>"
    )
    folder = write_message(
        tmp_path,
        product("9782070360025"),
        product(isni="0000000121032684", rights=nowhere).replace(
            "<IDValue>9782070360024", "<IDValue>978-2-07-036002-4"
        ),
        product(AUDIO, form="AJ").replace("<TitleType>01", "<TitleType>05"),
    )
    (folder / f"{ISBN}.epub").unlink()
    found = faults(deliver(folder))
    assert found["bad_ean"] == "/ONIXMessage/Product[1]/ProductIdentifier/IDValue"
    assert (
        found["bad_isni"] == "/ONIXMessage/Product[2]/DescriptiveDetail/Contributor[2]/NameIdentifier/IDValue"
    )
    assert found["no_territory"] == "/ONIXMessage/Product[2]"
    assert found["missing"] == "/ONIXMessage/Product[3]/DescriptiveDetail"
    assert {"file_missing"} <= set(found)
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<ONIXMessage release="3.0"></ONIXMessage>', "empty"),
        ("<ONIXMessage></ONIXMessage>", "unknown_version"),
        ('<ONIXMessage release="2.1"><Product/></ONIXMessage>', "unknown_version"),
        ('<ONIXMessage release="3.0"><Product><RecordReference>a</Product>', "not_xml"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><ONIXMessage release="3.0"><Product/></ONIXMessage>',
            "doctype_refused",
        ),
    ],
)
def test_what_is_no_message_of_today_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "books.xml").write_text(text)
    assert code in faults(deliver(tmp_path))


def test_a_folder_of_printed_books_alone_says_so(tmp_path: Path) -> None:
    assert faults(deliver(write_message(tmp_path, product(PRINTED, form="BC")))) == {"empty": ""}


def test_a_message_is_found_one_folder_below_and_a_link_is_not(tmp_path: Path) -> None:
    folder = write_message(tmp_path / "books")
    (tmp_path / "link.xml").symlink_to(folder / "books.xml")
    assert [path for path, _root in find_roots(tmp_path)] == [folder / "books.xml"]
