"""What an operator changes by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory

from catalog.admin import ReleaseAdmin
from catalog.models import Release
from catalog.streaming import denials
from catalog.streaming.valkey import get_valkey
from tests.factories.catalog import make_release
from tests.subscriptions.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "is_stopped"), [("withdrawn", True), ("published", False)])
def test_what_is_taken_down_by_hand_is_heard_no_longer(
    status: str, is_stopped: bool, django_capture_on_commit_callbacks: Any
) -> None:
    release = make_release()
    entry = f"resource {release.resources.get().pk}".encode()
    get_valkey().zrem(denials.DENIED, entry)
    admin, request = ReleaseAdmin(Release, site), RequestFactory().post("/")
    request.user = make_user("oscar@example.org", is_operator=True)
    form = admin.get_form(request, release, change=True)(instance=release)
    form.changed_data = ["status"]  # as if it had been sent
    release.status = status
    with django_capture_on_commit_callbacks(execute=True):
        admin.save_model(request, release, form, change=True)
    assert (entry in get_valkey().zrange(denials.DENIED, 0, -1)) == is_stopped
    assert Release.objects.get().status == status
