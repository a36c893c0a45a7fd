"""The pages of deliveries: sent, previewed, confirmed, rolled back, published; each by whom it may be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.ingest import example, services
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, DeliveryFault, Package, Release
from catalog.packaging.services import run_package
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.zips import pack
from tests.catalog.people import LABEL, OTHER
from tests.factories.catalog import DELIVERY_ROW, RIGHTS_ROW, make_geography, write_folder

pytestmark = pytest.mark.django_db
ACTS = ["confirm", "discard", "publish", "roll-back", "allow-shares"]


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def send(client: Client, folder: Path) -> Delivery:
    """Send a folder as a ZIP by the page, and have it checked as the worker does."""
    data = pack(folder, folder.with_suffix(".zip")).read_bytes()
    file = SimpleUploadedFile("album.zip", data, content_type="application/zip")
    answer = client.post("/deliveries/send/", {"deliverer": LABEL, "file": file})
    delivery = Delivery.objects.latest("pk")
    assert answer.headers["Location"] == f"/deliveries/{delivery.pk}/"
    return services.check_delivery(delivery_id=delivery.pk)


def test_a_label_sends_sees_the_differences_and_takes_over(tmp_path: Path, lena: Client) -> None:
    delivery = send(lena, write_folder(tmp_path / "a"))
    page = lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "What it would change" in page
    assert "Jardins" in page
    assert "Matin: Roux Ana, 100 %" in page
    lena.post(f"/deliveries/{delivery.pk}/confirm/", {"publish": "soon"})
    services.apply_delivery(delivery_id=delivery.pk)
    run_package(package_id=Package.objects.get().pk)
    assert Release.objects.get().status == "published"
    assert "published" in lena.get(f"/deliveries/{delivery.pk}/").content.decode()


def test_a_page_asks_for_itself_while_a_worker_is_at_it(lena: Client, lena_user: User) -> None:
    delivery = Delivery.objects.create(deliverer=LABEL, sent_by=lena_user, state="checking", progress=40)
    page = lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert '<progress value="40"' in page


def test_what_is_held_is_published_or_rolled_back_after_asking(tmp_path: Path, lena: Client) -> None:
    delivery = send(lena, write_folder(tmp_path / "a"))
    lena.post(f"/deliveries/{delivery.pk}/confirm/", {"publish": "later"})
    services.apply_delivery(delivery_id=delivery.pk)
    assert "Publish this delivery?" in lena.get(f"/deliveries/{delivery.pk}/publish/").content.decode()
    assert "Roll this delivery back?" in lena.get(f"/deliveries/{delivery.pk}/roll-back/").content.decode()
    lena.post(f"/deliveries/{delivery.pk}/roll-back/")
    assert not Release.objects.exists()
    assert "rolled back" in lena.get(f"/deliveries/{delivery.pk}/").content.decode()


def test_a_preview_is_thrown_away_after_asking(tmp_path: Path, lena: Client) -> None:
    delivery = send(lena, write_folder(tmp_path / "a"))
    assert lena.get(f"/deliveries/{delivery.pk}/discard/").status_code == 200
    lena.post(f"/deliveries/{delivery.pk}/discard/")
    delivery.refresh_from_db()
    assert delivery.state == "discarded"


@pytest.mark.parametrize("act", ACTS)
def test_another_label_and_a_stranger_decide_nothing(
    tmp_path: Path, act: str, lena: Client, charlie: Client, client: Client
) -> None:
    delivery = send(lena, write_folder(tmp_path / "a"))
    address = f"/deliveries/{delivery.pk}/{act}/"
    assert charlie.post(address, {"reason": "x"}).status_code == 404
    assert client.post(address).status_code == 302
    assert charlie.post(f"/operator{address}").status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == "previewed"


def test_nobody_sends_under_the_name_of_another(lena: Client, charlie: Client) -> None:
    file = SimpleUploadedFile("album.zip", example.as_zip())
    assert lena.post("/deliveries/send/", {"deliverer": OTHER, "file": file}).status_code == 422
    assert not Delivery.objects.exists()


def test_an_operator_lets_works_out_with_a_reason_that_is_shown(
    tmp_path: Path, lena: Client, oscar: Client
) -> None:
    folder = write_folder(tmp_path / "a", rights=[RIGHTS_ROW | {"share_bp": "9000"}])
    delivery = deliver_folder(folder=folder, sent_by=None, deliverer=LABEL)
    run_package(package_id=Package.objects.get().pk)
    assert lena.post(f"/deliveries/{delivery.pk}/allow-shares/", {"reason": "mine"}).status_code == 404
    assert "These wait for their shares" in lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    oscar.post(f"/operator/deliveries/{delivery.pk}/allow-shares/", {"reason": ""})
    assert Release.objects.get().status == "draft"
    oscar.post(f"/operator/deliveries/{delivery.pk}/allow-shares/", {"reason": "The heir is looked for."})
    assert Release.objects.get().status == "published"
    assert "The heir is looked for." in lena.get(f"/deliveries/{delivery.pk}/").content.decode()


def test_a_file_is_tried_without_being_sent(tmp_path: Path, lena: Client) -> None:
    folder = write_folder(tmp_path / "a", delivery=[DELIVERY_ROW | {"isrc": "nonsense"}])
    file = io.BytesIO((folder / "delivery.csv").read_bytes())
    file.name = "delivery.csv"
    page = lena.post("/deliveries/try/", {"deliverer": LABEL, "file": file}).content.decode()
    assert "delivery.csv: 1 fault" in page
    assert "This is no valid ISRC: it has 12 signs, such as FRZ112600001." in page
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_example_is_downloaded(kind: str, lena: Client) -> None:
    answer = lena.get(f"/deliveries/example/{kind}/")
    assert answer.content == example.FILES[kind][2]()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert lena.get("/deliveries/example/exe/").status_code == 404


@pytest.mark.parametrize("page", ["send/", "try/", "example/csv/"])
def test_the_tools_are_for_those_who_deliver(page: str, client: Client, oscar: Client) -> None:
    assert client.get(f"/deliveries/{page}").status_code == 302
    assert oscar.get(f"/operator/deliveries/{page}").status_code == 200


def test_an_empty_list_says_what_to_do(lena: Client, charlie: Client) -> None:
    assert "/deliveries/new/" in lena.get("/deliveries/").content.decode()


def test_a_list_takes_as_many_queries_for_many_as_for_one(
    lena: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        Delivery.objects.create(deliverer=LABEL, digest=str(number), state="published")
    with django_assert_max_num_queries(12):
        lena.get("/deliveries/")


def refuse(count: int) -> Delivery:
    """A refused delivery of the label with so many faults, and one thing to know."""
    delivery = Delivery.objects.create(deliverer=LABEL, digest="f", state="refused")
    DeliveryFault.objects.bulk_create(
        DeliveryFault(
            delivery=delivery,
            file="=delivery.csv",
            row=number + 2,
            column="isrc",
            code="bad_isrc",
            message=f"no {number}",
        )
        for number in range(count)
    )
    delivery.faults.create(file="rights.csv", code="rights_missing", message="nobody", is_warning=True)
    return delivery


def test_many_faults_are_counted_by_kind_paged_and_downloaded(lena: Client) -> None:
    delivery = refuse(250)
    delivery.faults.create(file="z.csv", row=9, code="bad_ean", message="the last")
    first = lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    last = lena.get(f"/deliveries/{delivery.pk}/?faults=3").content.decode()
    assert "251 " in first
    assert "no 99<" in first
    assert "no 100<" not in first
    assert (first.count("the last<p"), last.count("the last<p")) == (
        1,
        2,
    )  # among the kinds, then at its place
    sheet = lena.get(f"/deliveries/{delivery.pk}/faults.csv")
    rows = list(csv.reader(sheet.content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 253
    assert rows[1][1:] == ["'=delivery.csv", "2", "isrc", "bad_isrc", "no 0"]
    assert rows[-1][4] == "rights_missing"


def test_a_delivery_with_many_faults_takes_as_many_queries_as_with_few(
    lena: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    delivery = refuse(250)
    with django_assert_max_num_queries(26):
        lena.get(f"/deliveries/{delivery.pk}/")


def test_another_label_and_a_stranger_download_no_faults(
    charlie: Client, client: Client, oscar: Client
) -> None:
    delivery = refuse(1)
    address = f"deliveries/{delivery.pk}/faults.csv"
    assert charlie.get(f"/{address}").status_code == 404
    assert client.get(f"/{address}").status_code == 302
    assert oscar.get(f"/operator/{address}").status_code == 200


def test_the_list_says_what_was_delivered_and_is_narrowed_by_state(tmp_path: Path, lena: Client) -> None:
    send(lena, write_folder(tmp_path / "album"))
    refuse(1)
    everything = lena.get("/deliveries/").content.decode()
    waiting = lena.get("/deliveries/?state=previewed").content.decode()
    assert "Jardins" in everything
    assert "Jardins" in waiting
    assert "No work was read" in everything or "Aucune œuvre" in everything
    assert "Aucune œuvre" not in waiting
    assert "No work was read" not in waiting


def test_the_packages_of_a_large_delivery_are_paged_and_each_can_be_tried_again(
    tmp_path: Path, lena: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.ingest.selectors.PACKAGES_PER_PAGE", 1)
    rows = [DELIVERY_ROW, DELIVERY_ROW | {"resource_ref": "R1-2", "position": "2", "file": "b.wav"}]
    folder = write_folder(tmp_path / "album", delivery=rows)
    delivery = deliver_folder(folder=folder, sent_by=None, deliverer=LABEL)
    packages = list(Package.objects.order_by("pk"))
    Package.objects.filter(pk=packages[-1].pk).update(state="failed", fault_code="truncated")
    first = lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    second = lena.get(f"/deliveries/{delivery.pk}/?packages=2").content.decode()
    assert "truncated" in first
    assert "truncated" not in second
    answer = lena.post(f"/deliveries/{delivery.pk}/packages/{packages[-1].pk}/retry/")
    assert answer.status_code == 302
    assert Package.objects.get(pk=packages[-1].pk).state == "queued"
