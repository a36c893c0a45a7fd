"""Browsers that are signed in as bob or charlie, and what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from catalog.models import Resource
from subscriptions.models import Subscription
from subscriptions.patrons import middleware
from tests.subscriptions.access.people import Person


def sign_in(person: Person) -> Client:
    """Return a further browser of a person, whose library's subscription runs today."""
    Subscription.objects.update(ends_on=timezone.localdate() + timedelta(days=90))
    client = Client(headers={"accept-language": "en"})
    session = client.session
    middleware.sign_in(session, patron_id=person.patron.pk, profile_id=person.profile.pk)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def post(client: Client, path: str, said: object) -> Any:
    """Post JSON."""
    return client.post(path, said, content_type="application/json")


def open_playback(client: Client, resource: Resource) -> dict[str, Any]:
    """Return what opening a resource answers."""
    answer = post(client, "/api/v1/playback/open", {"resource_id": resource.pk, "source": "web"})
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def assert_problem(answer: Any, status: int, code: str) -> None:
    """Check a refusal."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
