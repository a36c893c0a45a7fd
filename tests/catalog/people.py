"""Who delivers in tests: lena for Rive Gauche, charlie for another label, oscar for the cooperative."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.ingest import deliverers
from mediaplatform.accounts.models import User

LABEL, OTHER = "rive-gauche", "rive-droite"


def make_user(email: str, *, is_operator: bool = False) -> User:
    """Return an account with a password."""
    return User.objects.create_user(
        email=email, password="goemon-ardoise-12", name=email.split("@", 1)[0], is_operator=is_operator
    )


def sign_in(user: User) -> Client:
    """Return a browser in which the user is signed in, and which reads English."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def make_member(email: str, name: str) -> User:
    """Return somebody who delivers under a name."""
    user = make_user(email)
    deliverers.add_member(name=name, user=user)
    return user


@pytest.fixture
def lena_user(db: None) -> User:
    """Who delivers for Rive Gauche."""
    return make_member("lena@example.org", LABEL)


@pytest.fixture
def lena(lena_user: User) -> Client:
    """Her browser."""
    return sign_in(lena_user)


@pytest.fixture
def charlie(db: None) -> Client:
    """Who delivers for another label."""
    return sign_in(make_member("charlie@example.org", OTHER))


@pytest.fixture
def oscar(db: None) -> Client:
    """An operator."""
    return sign_in(make_user("oscar@example.org", is_operator=True))
