"""Manifests of batches, partial updates, lines of rights and genres."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Release
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.ern.messages import DEAL_43, ICPN, write_43
from tests.factories.catalog import make_geography

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def write_manifest(
    folder: Path, *, digest: str = "", uri: str = f"{ICPN}/{ICPN}.xml", count: int = 1
) -> Path:
    """Write a batch of one album with its manifest."""
    write_43(folder / ICPN)
    right = hashlib.sha256((folder / ICPN / f"{ICPN}.xml").read_bytes()).hexdigest()
    (folder / "manifest_20261127.xml").write_text(
        '<?xml version="1.0"?><ec:ManifestMessage xmlns:ec="http://ddex.net/xml/ern-c/15">'
        f"<MessageHeader><MessageId>B1</MessageId></MessageHeader><NumberOfMessages>{count}</NumberOfMessages>"
        f"<MessageInBatch><URI>{uri}</URI><HashSum><Algorithm>SHA256</Algorithm>"
        f"<HashSumValue>{digest or right}</HashSumValue></HashSum></MessageInBatch></ec:ManifestMessage>"
    )
    return folder


def test_a_batch_goes_in_as_its_manifest_says(tmp_path: Path) -> None:
    delivery = deliver(write_manifest(tmp_path))
    assert list(delivery.faults.filter(is_warning=False)) == []
    assert Release.objects.get().reference == ICPN


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"digest": "0" * 64}, "wrong_checksum", "/ManifestMessage/MessageInBatch/HashSum"),
        ({"uri": "elsewhere.xml"}, "file_missing", "/ManifestMessage/MessageInBatch"),
        ({"uri": "../x.xml"}, "path_refused", "/ManifestMessage/MessageInBatch"),
        ({"count": 2}, "wrong_count", "/ManifestMessage/NumberOfMessages"),
    ],
)
def test_each_difference_from_the_manifest_is_a_fault(
    tmp_path: Path, more: dict[str, str], code: str, path: str
) -> None:
    delivery = deliver(write_manifest(tmp_path, **more))  # type: ignore[arg-type]
    assert delivery.state == "refused"
    assert (code, path) in set(delivery.faults.values_list("code", "column"))


def test_a_message_that_the_manifest_does_not_list_is_a_fault(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    write_43(tmp_path / "other", edit=(ICPN, "3760000000024"))
    assert "not_in_manifest" in set(deliver(tmp_path).faults.values_list("code", flat=True))


def write_update(folder: Path, inside: str, *, icpn: str = ICPN) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "update.xml").write_text(
        '<?xml version="1.0"?><ern:UpdateReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43">'
        f"<UpdateReleaseList><UpdateRelease><ReleaseId><ICPN>{icpn}</ICPN></ReleaseId>{inside}"
        "</UpdateRelease></UpdateReleaseList></ern:UpdateReleaseMessage>"
    )
    return folder


def test_an_update_changes_the_title_and_nothing_else(tmp_path: Path) -> None:
    deliver(write_43(tmp_path / "a"))
    before = Release.objects.get()
    title = "<DisplayTitle><TitleText>Trois rives</TitleText></DisplayTitle>"
    delivery = deliver(write_update(tmp_path / "b", title))
    after = Release.objects.get()
    assert (after.pk, after.title, after.subtitle) == (before.pk, "Trois rives", before.subtitle)
    assert after.resources.filter(withdrawn_at=None).count() == 2
    assert delivery.summary == {"release": {"changed": 1}}


def test_an_update_adds_a_deal(tmp_path: Path) -> None:
    deliver(write_43(tmp_path / "a"))
    deal = DEAL_43.replace("Worldwide", "BE").replace("2026-01-15", "2025-01-15")
    deliver(write_update(tmp_path / "b", f"<DealList>{deal}</DealList>"))
    assert Release.objects.get().availabilities.count() == 2


def test_an_update_of_what_was_never_delivered_is_refused(tmp_path: Path) -> None:
    title = "<DisplayTitle><TitleText>Trois rives</TitleText></DisplayTitle>"
    delivery = deliver(write_update(tmp_path, title))
    assert [fault.code for fault in delivery.faults.all()] == ["unknown_release"]


def test_lines_of_rights_and_finer_genres_are_kept(tmp_path: Path) -> None:
    lines = (
        "<PLine><Year>2026</Year><PLineText>(P) Rive Gauche</PLineText></PLine>"
        "<CLine><Year>2026</Year><CLineText>2026 Rive Haute</CLineText></CLine>"
        "<Genre><GenreText>Chanson</GenreText><SubGenre>Folk</SubGenre></Genre>"
    )
    deliver(write_43(tmp_path, edit=("<Genre><GenreText>Chanson</GenreText></Genre>", lines)))
    release = Release.objects.get()
    assert (release.p_line, release.c_line) == ("2026 Rive Gauche", "2026 Rive Haute")
    assert release.subjects == ["Chanson", "Folk"]
