"""The cast: alice runs bob's library, charlie's people are elsewhere, oscar works for the cooperative."""

from __future__ import annotations

import pytest
from django.test import Client

from mediaplatform.accounts.models import User
from subscriptions.libraries import services as libraries
from subscriptions.models import Library
from tests.factories.catalog import make_geography


def make_user(email: str, *, is_operator: bool = False) -> User:
    """Return an account with a password."""
    return User.objects.create_user(
        email=email, password="goemon-ardoise-12", name=email.split("@", 1)[0], is_operator=is_operator
    )


def sign_in(user: User) -> Client:
    """Return a browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def make_library(name: str = "Mediathèque of bob", commune_code: str = "42218") -> Library:
    """Return a library of a commune."""
    make_geography()
    return libraries.create_library(name=name, commune_code=commune_code)


def make_staff(library: Library, role: str, email: str = "alice@example.org") -> Client:
    """Return the browser of a member of the library's staff."""
    user = make_user(email)
    libraries.add_staff(library=library, user=user, role=role)
    return sign_in(user)


@pytest.fixture
def library(db: None) -> Library:
    """bob's library."""
    return make_library()


@pytest.fixture
def charlie(db: None) -> Client:
    """An administrator of another library."""
    return make_staff(make_library("Médiathèque of charlie", "69123"), "admin", "charlie@example.org")


@pytest.fixture
def oscar(db: None) -> Client:
    """An operator."""
    return sign_in(make_user("oscar@example.org", is_operator=True))
