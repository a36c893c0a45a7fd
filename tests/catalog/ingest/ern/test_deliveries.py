"""Labels' messages go in as every delivery does: whole, or refused with each fault at its XPath."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Package, Party, Release, Resource, RightsShare, Territory
from catalog.packaging.services import run_package
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.ern.messages import (
    DEAL_43,
    ICPN,
    ISRCS,
    TAKE_DOWN_382,
    write_42,
    write_43,
    write_382,
    write_purge,
)
from tests.factories.catalog import PAYEE_ROW, make_geography, write_sheet

pytestmark = pytest.mark.django_db
REFERENCES = tuple(f"{ICPN}/{isrc}" for isrc in ISRCS)


@pytest.fixture(autouse=True)
def geography() -> dict[str, Territory]:
    objectstore.get_store().prepare()
    return make_geography()


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def faults(delivery: Delivery) -> dict[str, str]:
    assert delivery.state == "refused"
    return dict(delivery.faults.values_list("code", "column"))


def test_a_message_of_4_3_becomes_an_album_in_its_order(tmp_path: Path) -> None:
    delivery = deliver(write_43(tmp_path))
    assert list(delivery.faults.filter(is_warning=False).values_list("column", "message")) == []
    release = Release.objects.get(deliverer="rive-gauche", reference=ICPN)
    assert (release.title, release.subtitle, release.medium, release.kind) == (
        "Deux rives",
        "en public",
        "music",
        "album",
    )
    assert (release.ean, release.released_on, release.subjects) == (ICPN, date(2026, 1, 10), ["Chanson"])
    assert (release.label, release.languages) == (Party.objects.get(name="Rive Gauche"), ["fr"])
    assert release.cover is not None
    tracks = release.resources.order_by("position")
    assert [track.isrc for track in tracks] == [ISRCS[1], ISRCS[0]]  # as the group's numbers say
    assert set(release.credits.values_list("party__name", "role")) == {
        ("Ana Roux", "main_artist"),
        ("Bo Lind", "composer"),
    }
    assert Party.objects.get(name="Ana Roux").isni == "0000000121032683"
    window = release.availabilities.get()
    assert (window.countries, window.starts_on, window.ends_on) == ([], date(2026, 1, 15), None)


def test_a_message_of_4_2_becomes_the_same_album(tmp_path: Path) -> None:
    text = (write_42(tmp_path) / f"{ICPN}.xml").read_text()
    assert "ern/42" in text
    assert "Edition" not in text
    delivery = deliver(tmp_path)
    assert list(delivery.faults.filter(is_warning=False).values_list("column", "message")) == []
    release = Release.objects.get(deliverer="rive-gauche", reference=ICPN)
    assert (release.title, release.subtitle, release.kind) == ("Deux rives", "en public", "album")
    tracks = release.resources.order_by("position")
    assert [(track.isrc, track.title) for track in tracks] == [(ISRCS[1], "Track 2"), (ISRCS[0], "Track 1")]


def test_a_batch_of_3_8_2_reads_the_details_that_hold_here(tmp_path: Path) -> None:
    deliver(write_382(tmp_path))
    release = Release.objects.get(reference=ICPN)
    assert (release.title, release.kind, release.is_explicit) == ("Une rive", "single", True)
    assert set(release.credits.values_list("party__name", "role")) == {
        ("Ana Roux", "main_artist"),
        ("Bo Lind", "composer"),
    }
    window = release.availabilities.get()
    assert (window.countries, window.ends_on) == (["BE", "FR"], date(2027, 1, 15))


def test_without_shares_it_waits_and_with_them_it_is_published(tmp_path: Path) -> None:
    deliver(write_43(tmp_path))
    for package in Package.objects.all():
        run_package(package_id=package.pk)
    assert Release.objects.get().status == "draft"
    write_sheet(tmp_path / "payees.csv", [PAYEE_ROW])
    payee = PAYEE_ROW["legal_name"]
    shares = [{"resource_ref": one, "payee": payee, "share_bp": "10000"} for one in REFERENCES]
    write_sheet(tmp_path / "rights.csv", shares)
    deliver(tmp_path)
    assert RightsShare.objects.get(resource__isrc=ISRCS[0]).valid_from == date(2026, 1, 15)
    assert Release.objects.get().status == "published"


def test_twice_is_once_and_an_update_keeps_ids_and_shares(tmp_path: Path) -> None:
    first = deliver(write_43(tmp_path))
    assert deliver(tmp_path) == first
    kept = set(Resource.objects.values_list("pk", "isrc"))
    again = deliver(write_43(tmp_path, edit=("Track 1", "Matin")))
    assert again.summary["resource"] == {"changed": 1, "unchanged": 1}
    assert set(Resource.objects.values_list("pk", "isrc")) == kept


def test_what_a_message_does_not_say_of_a_party_is_kept(
    tmp_path: Path, geography: dict[str, Territory]
) -> None:
    Party.objects.create(name="Ana Roux", kind="organisation", home=geography["42095"])
    deliver(write_43(tmp_path))
    ana = Party.objects.get(name="Ana Roux")
    assert (ana.kind, ana.home) == ("organisation", geography["42095"])


@pytest.mark.parametrize("how", ["purge", "take down"])
def test_a_release_is_taken_down_and_keeps_its_history(tmp_path: Path, how: str) -> None:
    deliver(write_382(tmp_path / "new"))
    if how == "purge":
        delivery = deliver(write_purge(tmp_path / "purge"))
    else:
        delivery = deliver(write_382(tmp_path / "down", deals=TAKE_DOWN_382))
    release = Release.objects.get()
    assert release.status == "withdrawn"
    assert release.resources.count() == 1
    assert delivery.summary["release"] == {"withdrawn": 1}


def test_nothing_can_be_taken_down_that_was_never_delivered(tmp_path: Path) -> None:
    assert faults(deliver(write_purge(tmp_path))) == {"unknown_release": ""}


RELEASE = "/NewReleaseMessage/ReleaseList/Release"
RECORDING = "/NewReleaseMessage/ResourceList/SoundRecording[1]"
EDITION = f"{RECORDING}/SoundRecordingEdition"
TERMS = "/NewReleaseMessage/DealList/ReleaseDeal/Deal/DealTerms"


@pytest.mark.parametrize(
    ("edit", "code", "path"),
    [
        ((ISRCS[0], "FRZ1126"), "bad_isrc", f"{EDITION}/ResourceId/ISRC"),
        ((f"<ICPN>{ICPN}", "<ICPN>3760000000018"), "bad_ean", f"{RELEASE}/ReleaseId/ICPN"),
        (
            (f"<ICPN>{ICPN}</ICPN>", "<GRid>A12425GABC1234002X</GRid>"),
            "bad_grid",
            f"{RELEASE}/ReleaseId/GRid",
        ),
        (("<ICPN>" + ICPN + "</ICPN>", ""), "missing", RELEASE),
        (
            ("0000000121032683", "0000000121032684"),
            "bad_isni",
            "/NewReleaseMessage/PartyList/Party[1]/PartyId/ISNI",
        ),
        (
            ("<ReleaseLabelReference>P3", "<ReleaseLabelReference>P8"),
            "dangling_reference",
            f"{RELEASE}/ReleaseLabelReference",
        ),
        (
            ("<ReleaseResourceReference>A1", "<ReleaseResourceReference>A7"),
            "dangling_reference",
            f"{RELEASE}/ResourceGroup/ResourceGroupContentItem[1]/ReleaseResourceReference",
        ),
        (
            ("<DealReleaseReference>R0", "<DealReleaseReference>R5"),
            "dangling_reference",
            "/NewReleaseMessage/DealList/ReleaseDeal/DealReleaseReference",
        ),
        (("SubscriptionModel", "PayAsYouGoModel"), "no_deal", RELEASE),
        (("OnDemandStream", "PermanentDownload"), "no_deal", RELEASE),
        (("Worldwide", "XX"), "unknown_country", f"{TERMS}/TerritoryCode"),
        (("2026-01-15", "15/01/2026"), "not_a_date", f"{TERMS}/ValidityPeriod/StartDate"),
        (("PT1S", "1 s"), "not_a_duration", f"{RECORDING}/Duration"),
        (("PT1S", "PT59S"), "wrong_duration", "duration_s"),
        (("resources/1.wav", "../1.wav"), "path_refused", f"{EDITION}/TechnicalDetails/DeliveryFile/File"),
        (
            ("resources/1.wav", "resources/7.wav"),
            "file_missing",
            f"{EDITION}/TechnicalDetails/DeliveryFile/File",
        ),
        (
            ("resources/1.wav", "resources/2.wav"),
            "wrong_checksum",
            f"{EDITION}/TechnicalDetails/DeliveryFile/File/HashSum",
        ),
        (("ern/43", "ern/36"), "unknown_version", "/NewReleaseMessage"),
        (("ern:NewReleaseMessage", "ern:CatalogListMessage"), "unknown_message", "/CatalogListMessage"),
        (("</PartyList>", ""), "not_xml", ""),
        (("?>\n", '?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n'), "doctype_refused", ""),
    ],
)
def test_each_fault_is_named_at_its_place(
    tmp_path: Path, edit: tuple[str, str], code: str, path: str
) -> None:
    found = faults(deliver(write_43(tmp_path, edit=edit)))
    assert code in found
    assert found[code] == path
    assert not Release.objects.exists()


def test_deals_that_meet_in_time_and_place_are_refused(tmp_path: Path) -> None:
    later = DEAL_43.replace("2026-01-15", "2027-01-01")
    found = faults(deliver(write_43(tmp_path, deals=DEAL_43 + later)))
    assert found == {"deals_overlap": TERMS.replace("Deal/DealTerms", "Deal[2]/DealTerms")}


def test_deals_one_after_the_other_are_both_kept(tmp_path: Path) -> None:
    first = DEAL_43.replace("</StartDate>", "</StartDate><EndDate>2026-06-30</EndDate>")
    later = DEAL_43.replace("2026-01-15", "2026-07-01").replace("Worldwide", "FR")
    deliver(write_43(tmp_path, deals=first + later))
    windows = Release.objects.get().availabilities.order_by("starts_on")
    assert [(one.countries, one.ends_on) for one in windows] == [([], date(2026, 7, 1)), (["FR"], None)]


def test_an_entity_is_never_read_from_the_disk(tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("not for you")
    doctype = f'?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]>\n'
    write_43(tmp_path, edit=("?>\n", doctype))
    message = tmp_path / f"{ICPN}.xml"
    message.write_text(message.read_text().replace("Deux rives", "&b;"))
    delivery = deliver(tmp_path)
    assert faults(delivery) == {"doctype_refused": ""}
    assert "not for you" not in str(list(delivery.faults.values()))
