"""Works and splits in the portal: dora and ben share a song; charlie sees none of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from catalog.models import Payee, Release, RightsShare, SplitSheet
from catalog.splits.services import months_offered
from mediaplatform.accounts.models import User
from royalties.statements.services import add_member
from tests.factories.catalog import make_payee, make_release

pytestmark = pytest.mark.django_db


def sign_in(payee: Payee) -> Client:
    user, _is_new = User.objects.get_or_create(email=payee.email)
    add_member(payee_id=payee.pk, user_id=user.pk)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def dora() -> Payee:
    return make_payee("Dora", email="dora@example.org")


@pytest.fixture
def ben() -> Payee:
    return make_payee("Ben", email="ben@example.org")


@pytest.fixture
def song(dora: Payee) -> Release:
    return make_release("Song", payee=dora)


def written(song: Release, *rows: tuple[str, str]) -> dict[str, Any]:
    return {
        "resource": [one.pk for one in song.resources.all()],
        "who": [who for who, _percent in rows],
        "percent": [percent for _who, percent in rows],
        "valid_from": months_offered(now=timezone.now())[0].isoformat(),
    }


def address(payee: Payee, song: Release, page: str = "") -> str:
    return f"/portal/{payee.pk}/works/{song.pk}/{page}"


def propose(dora: Payee, ben: Payee, song: Release) -> SplitSheet:
    sign_in(dora).post(address(dora, song, "propose/"), written(song, ("Dora", "60"), (ben.email, "40")))
    return SplitSheet.objects.get()


def test_who_is_asked_gets_a_mail_and_an_account(
    dora: Payee, ben: Payee, song: Release, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        propose(dora, ben, song)
    assert [letter.to for letter in mail.outbox] == [["ben@example.org"]] * 2
    assert "Choose your password" in mail.outbox[0].body
    assert address(ben, song) in mail.outbox[1].body


def test_the_other_reads_and_accepts(dora: Payee, ben: Payee, song: Release) -> None:
    sheet = propose(dora, ben, song)
    page = sign_in(ben)
    text = re.sub(r"\s+", " ", page.get(address(ben, song)).content.decode())
    assert "Dora proposes another split" in text
    assert page.post(f"/portal/{ben.pk}/splits/{sheet.pk}/answer/", {"answer": "accept"}).status_code == 302
    shares = RightsShare.objects.in_force(sheet.valid_from).filter(resource__release=song)
    assert dict(shares.values_list("payee__legal_name", "share_bp")) == {"Dora": 6_000, "Ben": 4_000}


def test_the_proposer_is_told_of_a_refusal(
    dora: Payee, ben: Payee, song: Release, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sheet = propose(dora, ben, song)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(ben).post(
            f"/portal/{ben.pk}/splits/{sheet.pk}/answer/", {"answer": "decline", "reason": "Half."}
        )
    assert [letter.to for letter in mail.outbox] == [["dora@example.org"]]
    assert "Half." in sign_in(dora).get(address(dora, song)).content.decode()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Dora", "60"), ("ben@example.org", "39,99")], "The shares sum to 99.99 %"),
        ([("Dora", "60"), ("nobody@example.org", "40")], "Nobody who is paid here"),
        ([("Dora", "sixty"), ("ben@example.org", "40")], "Write per cents"),
        ([("Dora", "60"), ("dora@example.org", "40")], "stands here twice"),
    ],
)
def test_each_fault_stands_at_its_place_and_nothing_is_lost(
    dora: Payee, ben: Payee, song: Release, rows: list[tuple[str, str]], said: str
) -> None:
    answer = sign_in(dora).post(address(dora, song, "propose/"), written(song, *rows))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert all(f'value="{word}"' in page for row in rows for word in row)
    assert not SplitSheet.objects.exists()


@pytest.mark.parametrize("page", ["", "propose/", "splits/{sheet}/withdraw/"])
def test_a_stranger_finds_nothing(dora: Payee, ben: Payee, song: Release, page: str) -> None:
    sheet = propose(dora, ben, song)
    charlie = make_payee("Charlie", email="charlie@example.org")
    client = sign_in(charlie)
    for payee in (dora, charlie):
        target = address(payee, song, page.format(sheet=sheet.pk))
        assert client.get(target).status_code == 404
        assert client.post(target, {}).status_code in {404, 405}
    for payee in (ben, charlie):
        answer = client.post(f"/portal/{payee.pk}/splits/{sheet.pk}/answer/", {"answer": "accept"})
        assert answer.status_code == 404


def test_withdrawing_asks_first(dora: Payee, ben: Payee, song: Release) -> None:
    sheet = propose(dora, ben, song)
    target = address(dora, song, f"splits/{sheet.pk}/withdraw/")
    assert "Withdraw this split?" in sign_in(dora).get(target).content.decode()
    assert SplitSheet.objects.get().state == "proposed"
    sign_in(dora).post(target)
    assert SplitSheet.objects.get().state == "withdrawn"


def test_the_list_asks_the_database_little(
    dora: Payee, ben: Payee, song: Release, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        make_release(f"Song {number}", payee=dora)
    propose(dora, ben, song)
    client = sign_in(ben)
    assert "waits for your answer" in client.get(f"/portal/{ben.pk}/works/").content.decode()
    client = sign_in(dora)
    with django_assert_max_num_queries(8):
        assert client.get(f"/portal/{dora.pk}/works/").content.decode().count("Song") == 11


def test_per_cents_are_written_as_the_reader_does(dora: Payee, ben: Payee, song: Release) -> None:
    RightsShare.objects.update(share_bp=6_667)
    one = RightsShare.objects.get()
    RightsShare.objects.create(resource=one.resource, payee=ben, share_bp=3_333, valid_from=one.valid_from)
    page = sign_in(dora)
    answer = page.get(address(dora, song, "propose/"), headers={"accept-language": "fr"})
    text = answer.content.decode()
    assert 'value="66,67"' in text
    assert "100 %" in text
