"""Operators see what was held back, with its numbers, and say that they looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import StreamFlag
from catalog.streaming import flags
from catalog.streaming.limits import Excess
from subscriptions.models import Library
from tests.catalog.streaming.tokens import make_grant
from tests.factories.catalog import make_release

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 14, 10, tzinfo=UTC)
ADDRESS = "/operator/playbacks/"


def flag(**changes: object) -> StreamFlag:
    """Return the flag of a session that fetched too fast."""
    grant = make_grant(session_id=uuid4(), **changes)  # type: ignore[arg-type]
    flags.record_flag(grant=grant, excess=Excess("pace", 9, {"over_s": 27, "allowed": 3.0}), now=NOW)
    return StreamFlag.objects.get(session_id=grant.session_id)


def test_an_operator_sees_the_work_and_the_numbers(oscar: Client) -> None:
    track = make_release().resources.get()
    flag(resource_id=track.pk)
    page = oscar.get(ADDRESS, headers={"accept-language": "en"}).content.decode()
    for words in (track.title, "Fetched faster than it can be heard", "27 s more than 3 times real time"):
        assert words in page
    assert "ab" * 16 not in page  # a piece of the pseudonym is enough


def test_the_library_is_called_by_its_name(oscar: Client, library: Library) -> None:
    flag(library_id=library.pk)
    flag(library_id=library.pk + 1000)
    page = oscar.get(ADDRESS, headers={"accept-language": "en"}).content.decode()
    assert library.name in page
    assert "a library that is gone" in page


def test_a_flag_that_was_looked_at_is_gone_and_comes_back_if_it_happens_again(oscar: Client) -> None:
    one = flag()
    for _twice in range(2):
        assert oscar.post(f"{ADDRESS}{one.pk}/review/").status_code == 302
    assert f"{one.pk}/review/" not in oscar.get(ADDRESS).content.decode()
    assert "looked at" in oscar.get(f"{ADDRESS}?all=1", headers={"accept-language": "en"}).content.decode()
    again = Excess("pace", 9, {"over_s": 90, "allowed": 3.0})
    flags.record_flag(
        grant=make_grant(session_id=one.session_id), excess=again, now=NOW + timedelta(minutes=5)
    )
    one.refresh_from_db()
    assert (one.times, one.evidence["over_s"], one.reviewed_at, one.first_at) == (2, 90, None, NOW)
    assert f"{one.pk}/review/" in oscar.get(ADDRESS).content.decode()


@pytest.mark.parametrize("page", [ADDRESS, f"{ADDRESS}?all=1"])
def test_a_librarys_staff_and_a_visitor_see_nothing(page: str, charlie: Client, client: Client) -> None:
    assert charlie.get(page).status_code == 404
    assert client.get(page).status_code == 302


def test_a_librarys_staff_and_a_visitor_review_nothing(charlie: Client, client: Client) -> None:
    one = flag()
    assert charlie.post(f"{ADDRESS}{one.pk}/review/").status_code == 404
    assert client.post(f"{ADDRESS}{one.pk}/review/").status_code == 302
    one.refresh_from_db()
    assert one.reviewed_at is None


def test_a_page_of_flags_takes_as_many_queries_as_one(
    oscar: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for resource in make_release(tracks=6).resources.all():
        flag(resource_id=resource.pk)
    with django_assert_max_num_queries(6):
        oscar.get(ADDRESS)


def test_flags_go_after_four_months() -> None:
    flag()
    assert flags.forget_old(now=NOW + flags.KEPT) == 0
    assert flags.forget_old(now=NOW + flags.KEPT + timedelta(seconds=1)) == 1
