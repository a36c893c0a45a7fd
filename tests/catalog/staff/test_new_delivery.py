"""The page on which files are dropped; what the script does is in tests/journeys/test_uploads.py."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from catalog.ingest import deliverers
from catalog.uploads import services
from mediaplatform.accounts.models import User
from tests.catalog.people import LABEL, OTHER, make_member, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/deliveries/new/"


def test_the_page_takes_a_folder_by_mouse_or_keyboard(lena: Client) -> None:
    page = lena.get(PAGE).content.decode()
    assert "Drop a folder here" in page
    assert page.count('type="file"') == 2
    assert 'role="status"' in page


def test_an_upload_that_was_begun_can_be_gone_on_with(lena: Client, lena_user: User, charlie: Client) -> None:
    upload = services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    assert f"?upload={upload.pk}" in lena.get(PAGE).content.decode()
    assert "only what is missing is sent" in lena.get(f"{PAGE}?upload={upload.pk}").content.decode()
    assert str(upload.pk) not in charlie.get(PAGE).content.decode()
    assert charlie.get(f"{PAGE}?upload={upload.pk}")["Location"] == PAGE


@pytest.mark.parametrize("wanted", ["x", "5b0f5f2e-2ab1-4be0-9a0f-9e0c6cbb6a11"])
def test_an_upload_that_is_none_is_left_aside(lena: Client, wanted: str) -> None:
    assert lena.get(f"{PAGE}?upload={wanted}")["Location"] == PAGE


def test_an_upload_that_is_over_is_left_aside(lena: Client, lena_user: User) -> None:
    upload = services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    services.cancel_upload(user=lena_user, upload_id=upload.pk)
    assert lena.get(f"{PAGE}?upload={upload.pk}")["Location"] == PAGE


def test_operators_and_members_of_two_labels_choose_the_name(oscar: Client, lena_user: User) -> None:
    both = make_member("both@example.org", LABEL)
    deliverers.add_member(name=OTHER, user=both)
    for browser, page in ((sign_in(both), PAGE), (oscar, "/operator/deliveries/new/")):
        text = browser.get(page).content.decode()
        assert f'<option value="{LABEL}"' in text
        assert f'<option value="{OTHER}"' in text
