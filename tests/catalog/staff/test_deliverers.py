"""Who may deliver under which name, and what they see of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from catalog.ingest import deliverers, services
from catalog.ingest.receiving import SourceRefused, receive_objects
from catalog.ingest.services import deliver_folder
from catalog.models import Deliverer, Delivery, Release
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore
from tests.catalog.people import LABEL, OTHER, make_user
from tests.factories.catalog import make_geography, write_folder

pytestmark = pytest.mark.django_db


def test_a_member_delivers_under_their_own_name_alone(lena_user: User) -> None:
    deliverers.ensure_deliverer(name=OTHER)
    assert deliverers.list_deliverers(lena_user) == [LABEL]
    assert deliverers.may_deliver_as(lena_user, name=LABEL)
    assert not deliverers.may_deliver_as(lena_user, name=OTHER)


def test_an_operator_delivers_under_every_name_that_there_is(lena_user: User) -> None:
    oscar = make_user("oscar@example.org", is_operator=True)
    assert deliverers.list_deliverers(oscar) == [LABEL]
    assert not deliverers.may_deliver_as(oscar, name="nobody")


def test_a_locked_account_delivers_nothing(lena_user: User) -> None:
    lena_user.is_active = False
    assert deliverers.list_deliverers(lena_user) == []


def test_an_operator_opens_a_name_and_invites(
    oscar: Client,
    django_capture_on_commit_callbacks: object,
) -> None:
    oscar.post("/operator/deliverers/", {"name": "Rive Haute"})
    made = Deliverer.objects.get(name="Rive Haute")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        oscar.post(f"/operator/deliverers/{made.pk}/invite/", {"email": "nina@example.org", "name": "Nina"})
    assert [user.email for user in made.members.all()] == ["nina@example.org"]
    assert "Rive Haute" in mail.outbox[0].subject


def test_a_name_is_opened_once(oscar: Client, lena_user: User) -> None:
    answer = oscar.post("/operator/deliverers/", {"name": LABEL})
    assert answer.status_code == 422
    assert "Somebody delivers under the name" in answer.content.decode()


def test_a_removed_member_sees_nothing_any_more(oscar: Client, lena: Client, lena_user: User) -> None:
    assert lena.get("/deliveries/").status_code == 200
    made = Deliverer.objects.get(name=LABEL)
    oscar.post(f"/operator/deliverers/{made.pk}/members/{lena_user.pk}/remove/")
    assert lena.get("/deliveries/").status_code == 404


@pytest.mark.parametrize("page", ["/operator/deliverers/", "/operator/deliveries/"])
def test_a_label_does_not_see_the_operators_pages(page: str, lena: Client) -> None:
    assert lena.get(page).status_code == 404


@pytest.mark.parametrize("page", ["/operator/deliverers/", "/operator/deliveries/", "/deliveries/"])
def test_a_stranger_is_sent_to_the_login(page: str, client: Client) -> None:
    assert client.get(page).status_code == 302


def test_each_sees_their_own_deliveries(tmp_path: Path, lena: Client, charlie: Client, oscar: Client) -> None:
    objectstore.get_store().prepare()
    make_geography()
    delivery = deliver_folder(folder=write_folder(tmp_path), sent_by=None, deliverer=LABEL)
    pages = [f"/deliveries/{delivery.pk}/", f"/operator/deliveries/{delivery.pk}/"]
    assert [lena.get(page).status_code for page in pages] == [200, 404]
    assert [charlie.get(page).status_code for page in pages] == [404, 404]
    assert [oscar.get(page).status_code for page in pages] == [200, 200]
    assert "Jardins" in lena.get("/deliveries/").content.decode()
    assert "Jardins" not in charlie.get("/deliveries/").content.decode()


def upload(folder: Path, prefix: str) -> None:
    """Put a folder's files into the object store as a browser does."""
    store = objectstore.get_store()
    store.prepare()
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"{prefix}/{path.relative_to(folder).as_posix()}"
            store.put_file(key=key, path=path, content_type="application/octet-stream")


def test_uploaded_objects_are_checked_confirmed_and_leave_no_object(
    tmp_path: Path,
    lena_user: User,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    make_geography()
    upload(write_folder(tmp_path), "uploads/one")
    received = receive_objects(prefix="uploads/one", deliverer=LABEL, sent_by=lena_user)
    assert services.check_delivery(delivery_id=received.pk).state == "previewed"
    assert not Release.objects.exists()
    assert services.confirm_delivery(delivery_id=received.pk, user=lena_user)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.apply_delivery(delivery_id=received.pk).state == "applied"
    assert Release.objects.get().deliverer == LABEL
    assert list(objectstore.get_store().list_keys(prefix="uploads/one/")) == []


def test_nobody_delivers_objects_under_the_name_of_another(tmp_path: Path, lena_user: User) -> None:
    deliverers.ensure_deliverer(name=OTHER)
    upload(write_folder(tmp_path), "uploads/two")
    with pytest.raises(deliverers.DelivererMissing):
        receive_objects(prefix="uploads/two", deliverer=OTHER, sent_by=lena_user)
    assert Delivery.objects.count() == 0


def test_nothing_uploaded_is_no_delivery(lena_user: User) -> None:
    objectstore.get_store().prepare()
    with pytest.raises(SourceRefused):
        receive_objects(prefix="uploads/none", deliverer=LABEL, sent_by=lena_user)
