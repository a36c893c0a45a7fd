"""Lena's label has two releases, charlie's one; both call the API, and oscar of the cooperative too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Credit, Delivery, DeliveryFault, Release
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from tests.catalog.people import LABEL, OTHER, charlie, lena, lena_user, oscar
from tests.factories.catalog import make_geography, make_party, make_payee, make_release

__all__ = ["charlie", "lena", "lena_user", "oscar"]


@dataclass(frozen=True)
class Shelf:
    """What is in the catalogue."""

    jardins: Release
    rivages: Release
    theirs: Release
    delivery: Delivery
    their_delivery: Delivery


@pytest.fixture
def shelf(db: None) -> Shelf:
    home = make_geography()["42095"]
    ana, bruno = make_party("Ana Roux", home=home), make_party("Bruno Sel")
    payee = make_payee("Roux Ana")
    jardins = make_release("Jardins", artist=ana, payee=payee, tracks=2, deliverer=LABEL, ean="3700551782611")
    rivages = make_release("Rivages", artist=ana, deliverer=LABEL, status="draft")
    theirs = make_release("Ailleurs", artist=bruno, deliverer=OTHER)
    delivery = Delivery.objects.create(deliverer=LABEL, digest="1" * 64, state="refused")
    DeliveryFault.objects.create(
        delivery=delivery, file="delivery.csv", row=2, column="isrc", code="bad_isrc", message="No."
    )
    applied = Delivery.objects.create(deliverer=LABEL, digest="2" * 64, state="applied")
    applied.releases.add(jardins)
    their_delivery = Delivery.objects.create(deliverer=OTHER, digest="3" * 64, state="applied")
    return Shelf(jardins, rivages, theirs, delivery, their_delivery)


def token_client(user: User, *scopes: str, name: str = "script") -> Client:
    """Return a program that shows a token of the user's, and nothing else."""
    _token, secret = tokens.create_token(user=user, name=name, scopes=scopes, now=timezone.now())
    return Client(
        enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    )


def items(answer: Any) -> list[dict[str, Any]]:
    """Return a list's items."""
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def assert_problem(answer: Any, status: int, code: str) -> None:
    """Check a refusal."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    assert answer.json()["code"] == code


def credits_of(release: Release) -> list[str]:
    return list(Credit.objects.filter(release=release).values_list("party__name", flat=True))
