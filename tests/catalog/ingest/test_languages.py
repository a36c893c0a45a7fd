"""What a worker found in French is read in English by whoever reads English."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, DeliveryFault, Package
from catalog.packaging.services import run_package
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.said import join, join_lines, parts_of, say, say_again
from tests.catalog.people import LABEL, make_user
from tests.factories.catalog import DELIVERY_ROW, make_geography, write_folder

pytestmark = pytest.mark.django_db
ENGLISH = "The file is no audio or video that can be read."


@pytest.fixture
def refused(tmp_path: Path) -> Delivery:
    """A delivery that a French worker refused: a recording that is none, too long a reference, captions."""
    objectstore.get_store().prepare()
    make_geography()
    write_folder(tmp_path, delivery=[DELIVERY_ROW | {"isrc": "X" * 3, "min_age": "99"}])
    (tmp_path / DELIVERY_ROW["file"]).write_bytes(b"no sound")
    with translation.override("fr"):
        return deliver_folder(folder=tmp_path, sent_by=None, deliverer=LABEL)


@pytest.fixture
def oscar(client: Client) -> User:
    oscar = make_user("oscar@example.org", is_operator=True)
    client.force_login(oscar)
    return oscar


def test_a_fault_is_said_in_the_language_of_whoever_reads(refused: Delivery) -> None:
    kept = refused.faults.get(code="not_media")
    assert kept.message != ENGLISH
    with translation.override("en"):
        said = {fault.words for fault in refused.faults.all()}
    assert {
        ENGLISH,
        "This is no valid ISRC: it has 12 signs, such as FRZ112600001.",
        "Write a whole number from 0 to 18.",
    } <= said


@pytest.mark.usefixtures("oscar")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_and_api_say_it_so(client: Client, refused: Delivery, language: str) -> None:
    headers = {"accept-language": language}
    page = client.get(f"/deliveries/{refused.pk}/", headers=headers).content.decode()
    told = client.get(f"/api/v1/deliveries/{refused.pk}", headers=headers).json()
    in_english = ENGLISH in page, ENGLISH in {fault["message"] for fault in told["faults"]}
    assert in_english == (language == "en", language == "en")


def test_a_fault_from_before_is_read_as_it_was_kept(refused: Delivery) -> None:
    old = DeliveryFault.objects.create(
        delivery=refused, file="a.csv", code="old", message="Une vieille faute."
    )
    with translation.override("en"):
        assert DeliveryFault.objects.get(pk=old.pk).words == "Une vieille faute."


def test_a_failed_package_is_said_again_too(tmp_path: Path) -> None:
    objectstore.get_store().prepare()
    make_geography()
    deliver_folder(folder=write_folder(tmp_path), sent_by=None, deliverer=LABEL)
    package = Package.objects.select_related("original").get()
    objectstore.get_store().put_bytes(key=package.original.object_key, data=b"x", content_type="audio/wav")
    with translation.override("fr"):
        failed = run_package(package_id=package.pk)
    assert failed.state == "failed"
    with translation.override("en"):
        assert failed.fault_words == "The stored original is not what was delivered."
    assert failed.fault_detail != "The stored original is not what was delivered."


def test_words_within_words_are_said_again() -> None:
    with translation.override("fr"):
        inner = say("At most %(limit)d characters fit here.") % {"limit": 30}
        said = join("%(file)s: %(words)s", file="a 100 %.srt", words=join_lines(inner, "at: 3"))
        msgid, values = parts_of(said)
    with translation.override("en"):
        again = say_again(msgid=msgid, values=values, otherwise="")
    assert again == "a 100 %.srt: At most 30 characters fit here.\nat: 3"
    assert said != again


def test_words_whose_message_asks_for_other_values_by_now_are_read_as_they_were_kept() -> None:
    assert say_again(msgid="At most %(limit)d", values={"most": 3}, otherwise="Trois") == "Trois"
