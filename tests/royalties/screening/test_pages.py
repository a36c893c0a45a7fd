"""Oscar decides with the evidence before him; dora reads the rule and may object; nobody else finds the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from mediaplatform.accounts.models import User
from royalties.models import ScreeningAppeal, ScreeningCase
from royalties.screening import services
from royalties.statements import services as statements
from tests.royalties.month import AFTER, OCTOBER, World, make_world
from tests.royalties.screening.test_services import play

pytestmark = pytest.mark.django_db
CASES = "/operator/months/2026-10/held/"


def sign_in(email: str, *, is_operator: bool = False, payee: int | None = None) -> Client:
    user = User.objects.create_user(email, name=email.partition("@")[0], is_operator=is_operator)
    if payee:
        statements.add_member(payee_id=payee, user_id=user.pk)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    world = make_world()
    play(world, count=12)
    services.screen_month(month=OCTOBER, now=AFTER)
    return world


@pytest.fixture
def case(world: World) -> ScreeningCase:
    return ScreeningCase.objects.get(payee_ids=[world.payees["Ana"].pk])


@pytest.fixture
def oscar() -> Client:
    return sign_in("oscar@example.org", is_operator=True)


@pytest.fixture
def dora(world: World) -> Client:
    return sign_in("dora@example.org", payee=world.payees["Ana"].pk)


def test_the_operator_sees_the_rule_its_numbers_and_the_plays(oscar: Client, case: ScreeningCase) -> None:
    assert "The same work more than 10 times a day" in oscar.get(CASES).content.decode()
    page = oscar.get(f"{CASES}{case.pk}/").content.decode()
    assert "12 times on one day; 10 is the limit." in page
    assert (page.count("River") >= 12, "Plays by hour of the day" in page) == (True, True)


def test_a_decision_without_a_reason_is_asked_again(oscar: Client, case: ScreeningCase) -> None:
    answer = oscar.post(f"{CASES}{case.pk}/decide/", {"choice": "keep", "reason": " "})
    assert (answer.status_code, "Say why" in answer.content.decode()) == (422, True)
    assert oscar.post(f"{CASES}{case.pk}/decide/", {"choice": "burn", "reason": "x"}).status_code == 404


def test_a_decision_is_written_with_its_author(oscar: Client, case: ScreeningCase) -> None:
    assert oscar.post(f"{CASES}{case.pk}/decide/", {"choice": "keep", "reason": "A loop."}).status_code == 302
    [decision] = case.decisions.all()
    assert (decision.is_kept, decision.reason, str(decision.decided_by)) == (True, "A loop.", "oscar")
    assert "A loop." in oscar.get(f"{CASES}{case.pk}/").content.decode()


def test_the_checklist_waits_for_the_decision(oscar: Client, case: ScreeningCase) -> None:
    assert "12 plays are held" in oscar.get("/operator/months/2026-10/").content.decode()
    oscar.post(f"{CASES}{case.pk}/decide/", {"choice": "release", "reason": "A class."})
    assert "plays are held" not in oscar.get("/operator/months/2026-10/").content.decode()


def test_dora_reads_the_rule_without_a_number_and_objects(
    oscar: Client, dora: Client, world: World, case: ScreeningCase
) -> None:
    reviews = f"/portal/{world.payees['Ana'].pk}/reviews/"
    page = dora.get(reviews).content.decode()
    assert "The same work more than 10 times a day" in page
    assert "12" not in page[page.index('id="main"') :].partition("<form")[0]
    dora.post(f"{reviews}{case.pk}/appeal/", {"text": "My pupils."})
    appeal = ScreeningAppeal.objects.get()
    oscar.post(f"{CASES}{case.pk}/appeals/{appeal.pk}/", {"text": "Then they count."})
    assert "Then they count." in dora.get(reviews).content.decode()


def test_nobody_else_finds_the_pages(dora: Client, world: World, case: ScreeningCase) -> None:
    charlie = sign_in("charlie@example.org", payee=world.payees["Bo"].pk)
    reviews = f"/portal/{world.payees['Ana'].pk}/reviews/"
    own = f"/portal/{world.payees['Bo'].pk}/reviews/"
    for address in (CASES, f"{CASES}{case.pk}/"):
        assert [who.get(address).status_code for who in (dora, charlie)] == [404, 404]
        assert Client().get(address).status_code == 302
    assert charlie.get(reviews).status_code == 404
    for address in (f"{reviews}{case.pk}/appeal/", f"{own}{case.pk}/appeal/"):
        assert charlie.post(address, {"text": "Mine."}).status_code == 404
    assert dora.post(f"{CASES}{case.pk}/decide/", {"choice": "keep", "reason": "x"}).status_code == 404
    assert not ScreeningAppeal.objects.exists()


def test_a_case_of_another_month_is_not_there(oscar: Client, case: ScreeningCase) -> None:
    assert oscar.get(f"/operator/months/2026-09/held/{case.pk}/").status_code == 404
    assert oscar.get(f"{CASES}99999/").status_code == 404
