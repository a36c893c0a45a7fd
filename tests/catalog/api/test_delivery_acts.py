"""Publish, roll back, let out without whole shares: by those who may, what may be, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from catalog.ingest import deliverers
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Package, Release, RightsWaiver
from catalog.packaging.services import run_package
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import db, objectstore
from tests.catalog.api.conftest import assert_problem, token_client
from tests.catalog.people import LABEL
from tests.factories.catalog import make_geography, write_folder

pytestmark = pytest.mark.django_db
ACTS: dict[str, dict[str, str]] = {
    "publish": {},
    "rollback": {},
    "waivers": {"reason": "The heirs sign in March."},
}


def deliver(folder: Path, **more: Any) -> Delivery:
    """A delivery of lena's label, kept back, that was taken over and packaged."""
    objectstore.get_store().prepare()
    make_geography()
    delivery = deliver_folder(
        folder=write_folder(folder, **more), sent_by=None, deliverer=LABEL, is_held=True
    )
    run_package(package_id=Package.objects.get().pk)
    return delivery


@pytest.fixture
def held(tmp_path: Path) -> Delivery:
    return deliver(tmp_path)


@pytest.fixture
def unshared(tmp_path: Path) -> Delivery:
    """One in whose work nobody has a share."""
    return deliver(tmp_path, rights=(), payees=())


@pytest.fixture
def program(lena_user: User) -> Client:
    return token_client(lena_user, tokens.READ, tokens.DELIVER)


def say(client: Client, delivery: Delivery, act: str, **headers: str) -> Any:
    path = f"/api/v1/deliveries/{delivery.pk}/{act}"
    return client.post(path, ACTS[act], content_type="application/json", headers=headers)


def test_a_held_delivery_is_published_once(program: Client, held: Delivery) -> None:
    read = program.get(f"/api/v1/deliveries/{held.pk}")
    assert read.json()["is_held"] is True
    assert_problem(say(program, held, "publish", **{"If-Match": '"other"'}), 412, "changed")
    answer = say(program, held, "publish", **{"If-Match": read["ETag"]})
    assert (answer.status_code, answer.json()["state"], answer.json()["is_held"]) == (200, "published", False)
    assert Release.objects.get().status == "published"
    assert_problem(say(program, held, "publish"), 409, "not_held")
    assert_problem(say(program, held, "rollback"), 409, "not_applied")


def test_a_held_delivery_is_rolled_back_once(program: Client, held: Delivery) -> None:
    answer = say(program, held, "rollback")
    assert (answer.status_code, answer.json()["state"]) == (200, "rolled_back")
    assert not Release.objects.exists()
    assert_problem(say(program, held, "rollback"), 409, "not_applied")


def test_what_a_later_delivery_builds_upon_is_not_rolled_back(
    program: Client, held: Delivery, tmp_path: Path
) -> None:
    (tmp_path / "delivery.csv").write_text(
        (tmp_path / "delivery.csv").read_text().replace("Jardins", "Rives")
    )
    deliver_folder(folder=tmp_path, sent_by=None, deliverer=LABEL, is_held=True)
    assert_problem(say(program, held, "rollback"), 409, "built_upon")
    assert Release.objects.exists()


def test_nothing_is_rolled_back_while_another_delivery_is_written(program: Client, held: Delivery) -> None:
    taken, over = Event(), Event()

    def write() -> None:
        try:
            with db.advisory_lock(f"delivery:{LABEL}"):  # a lock is a session's own: a thread has another one
                taken.set()
                over.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert taken.wait(30)
        answer = say(program, held, "rollback")
        over.set()
        writing.result()
    assert_problem(answer, 409, "busy")
    assert Release.objects.exists()


def test_an_operator_lets_a_work_out_without_whole_shares(oscar: Client, unshared: Delivery) -> None:
    answer = say(oscar, unshared, "waivers")
    release = Release.objects.get()
    assert answer.status_code == 200, answer.content
    assert answer.json()["waivers"][0]["release_id"] == release.pk
    assert RightsWaiver.objects.get().reason == ACTS["waivers"]["reason"]


def test_a_waiver_needs_a_reason_and_something_to_waive(oscar: Client, held: Delivery) -> None:
    path = f"/api/v1/deliveries/{held.pk}/waivers"
    assert_problem(oscar.post(path, {"reason": " "}, content_type="application/json"), 400, "invalid")
    assert_problem(say(oscar, held, "waivers"), 409, "nothing_to_waive")
    assert not RightsWaiver.objects.exists()


def test_works_of_a_delivery_that_waits_for_a_word_are_not_let_out(oscar: Client, unshared: Delivery) -> None:
    Delivery.objects.update(state="previewed")
    assert_problem(say(oscar, unshared, "waivers"), 409, "nothing_to_waive")


def test_a_label_does_not_waive_its_own_shares(program: Client, unshared: Delivery) -> None:
    assert_problem(say(program, unshared, "waivers"), 403, "permission_denied")
    assert not RightsWaiver.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_others_decide_nothing(
    charlie: Client, client: Client, lena_user: User, held: Delivery, act: str
) -> None:
    assert_problem(say(charlie, held, act), 404, "not_found")
    assert_problem(say(client, held, act), 401, "not_authenticated")
    assert_problem(say(token_client(lena_user, tokens.READ), held, act), 403, "scope_missing")
    assert Delivery.objects.get(pk=held.pk, state="applied", is_held=True)
    assert deliverers.list_deliverers(lena_user) == [LABEL]
