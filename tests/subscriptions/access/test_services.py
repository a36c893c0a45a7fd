"""Opening and renewing a playback."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Package, Release, Resource
from catalog.streaming import door
from catalog.streaming.grants import public_key
from subscriptions.access import services
from subscriptions.access.services import Opened, PlaybackRefused
from subscriptions.models import PseudonymKey
from tests.factories.catalog import make_release, make_resource
from tests.subscriptions.access.people import NOON, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Person:
    return make_person()


@pytest.fixture
def charlie() -> Person:
    return make_person(commune_code="69123")


@pytest.fixture
def track() -> Resource:
    return make_release().resources.get()


def open_for(person: Person, resource: Resource, *, now: datetime = NOON) -> Opened:
    return services.open_playback(
        audience=person.audience, resource_id=resource.pk, source="web", browser="one", now=now
    )


def refusal(code: str) -> pytest.RaisesExc[PlaybackRefused]:
    return pytest.raises(PlaybackRefused, check=lambda error: error.code == code)


def test_a_playback_opens_with_a_grant_that_the_doorman_accepts(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    grant = door.admit(opened.token, now=NOON)
    assert grant == opened.grant
    assert (grant.library_id, grant.resource_id, grant.package) == (
        bob.library.pk,
        track.pk,
        track.packages.get().digest,
    )
    assert (grant.medium, grant.source, grant.duration_s, grant.max_age) == ("music", "web", 180, None)
    assert (grant.opened_at, grant.expires_at) == (NOON, NOON + timedelta(minutes=10))


def test_nothing_in_a_grant_is_the_patron(bob: Person, track: Resource) -> None:
    first, again = open_for(bob, track).grant, open_for(bob, track).grant
    november = open_for(bob, track, now=NOON + timedelta(days=30)).grant
    assert first.patron == again.patron != november.patron
    assert first.session_id != again.session_id
    assert set(PseudonymKey.objects.values_list("month", flat=True)) == {"2026-10", "2026-11"}


def test_the_month_of_a_pseudonym_is_that_of_paris(bob: Person, track: Resource) -> None:
    open_for(bob, track, now=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert PseudonymKey.objects.get().month == "2026-11"


def test_patrons_of_two_libraries_have_nothing_in_common(
    bob: Person, charlie: Person, track: Resource
) -> None:
    one, other = open_for(bob, track).grant, open_for(charlie, track).grant
    assert (one.library_id, one.patron) != (other.library_id, other.patron)
    assert one.patron != other.patron


def test_a_grant_ends_with_the_last_day_paid_for(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track, now=datetime(2026, 12, 31, 22, 55, tzinfo=UTC))
    assert opened.grant.expires_at == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_nobody_opens_nothing(track: Resource) -> None:
    with refusal("no_patron"):
        services.open_playback(audience=None, resource_id=track.pk, source="web", browser="one", now=NOON)
    with refusal("no_patron"):
        services.renew_playback(audience=None, token="", now=NOON)


def test_without_a_running_subscription_nothing_opens(bob: Person, track: Resource) -> None:
    with refusal("no_subscription"):
        open_for(bob, track, now=datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_what_is_not_shown_does_not_open(bob: Person) -> None:
    withdrawn = make_release(status=Release.Status.WITHDRAWN).resources.get()
    with refusal("not_visible"):
        open_for(bob, withdrawn)


def test_what_is_rated_above_a_childs_age_does_not_open(bob: Person) -> None:
    bob.profile.kind, bob.profile.max_age = "youth", 10
    bob.profile.save()
    with refusal("not_visible"):
        open_for(bob, make_release(min_age=12).resources.get())
    assert open_for(bob, make_release(min_age=10).resources.get()).grant.max_age == 10


def test_a_medium_that_was_not_bought_does_not_open() -> None:
    reader = make_person(media=("book",))
    with refusal("not_visible"):
        open_for(reader, make_release().resources.get())


def test_what_is_still_being_prepared_does_not_open(bob: Person) -> None:
    waiting = make_resource(make_release(tracks=0), state="queued")
    with refusal("not_ready"):
        open_for(bob, waiting)


def renew(person: Person, token: str, *, after: timedelta) -> services.Renewed:
    return services.renew_playback(audience=person.audience, token=token, now=NOON + after)


@pytest.mark.parametrize("minutes", [8, 10, 45])
def test_a_renewal_goes_on_with_the_session_even_after_the_token_ended(
    bob: Person, track: Resource, minutes: int
) -> None:
    opened, after = open_for(bob, track), timedelta(minutes=minutes)
    renewed = renew(bob, opened.token, after=after).grant
    assert renewed.session_id == opened.grant.session_id
    assert (renewed.opened_at, renewed.issued_at) == (NOON, NOON + after)
    assert renewed.expires_at == NOON + after + timedelta(minutes=10)


def test_a_renewal_past_midnight_of_the_month_keeps_the_pseudonym(bob: Person, track: Resource) -> None:
    late = datetime(2026, 10, 31, 22, 55, tzinfo=UTC)
    opened = open_for(bob, track, now=late)
    renewed = services.renew_playback(
        audience=bob.audience, token=opened.token, now=late + timedelta(minutes=8)
    )
    assert renewed.grant.patron == opened.grant.patron


def test_a_renewal_keeps_the_package_while_another_is_made(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    Package.objects.update(state=Package.State.RUNNING)
    assert renew(bob, opened.token, after=timedelta(minutes=8)).grant.package == opened.grant.package


def test_charlie_cannot_renew_what_bob_opened(bob: Person, charlie: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    with refusal("not_yours"):
        renew(charlie, opened.token, after=timedelta(minutes=1))


def test_a_child_cannot_go_on_with_what_an_adult_opened(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    bob.profile.kind, bob.profile.max_age = "youth", 16
    bob.profile.save()
    with refusal("not_yours"):
        renew(bob, opened.token, after=timedelta(minutes=1))


def test_a_takedown_ends_a_session_with_its_next_renewal(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    Release.objects.update(status=Release.Status.WITHDRAWN)
    with refusal("not_visible"):
        renew(bob, opened.token, after=timedelta(minutes=8))


def test_the_end_of_the_subscription_ends_a_session(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    bob.subscription.ends_on = NOON.date() - timedelta(days=1)
    bob.subscription.save()
    with refusal("no_subscription"):
        services.renew_playback(audience=bob.audience, token=opened.token, now=NOON + timedelta(minutes=8))


def test_a_session_lasts_a_day_at_most(bob: Person, track: Resource) -> None:
    opened = open_for(bob, track)
    assert renew(bob, opened.token, after=timedelta(hours=24))
    with refusal("session_over"):
        renew(bob, opened.token, after=timedelta(hours=24, seconds=1))


@pytest.mark.parametrize("forgery", ["", "noise", "1.k1.AA.AA"])
def test_a_forged_token_is_not_renewed(bob: Person, forgery: str) -> None:
    with refusal("bad_token"):
        renew(bob, forgery, after=timedelta(minutes=1))


def test_a_renewal_signs_with_the_key_of_now(bob: Person, track: Resource, settings: Settings) -> None:
    opened = open_for(bob, track)
    settings.GRANT_VERIFY_KEYS = [f"k1={_public(settings.GRANT_SIGNING_KEY)}"]
    settings.GRANT_SIGNING_KEY, settings.GRANT_KEY_ID = bytes(range(32)), "k2"
    renewed = renew(bob, opened.token, after=timedelta(minutes=1))
    assert door.admit(renewed.token, now=NOON + timedelta(minutes=2)).key_id == "k2"


def _public(seed: bytes) -> str:
    return base64.urlsafe_b64encode(public_key(seed)).decode()


def test_opening_takes_few_queries(
    bob: Person, track: Resource, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_for(bob, track)
    audience = bob.audience
    with django_assert_max_num_queries(10):
        services.open_playback(audience=audience, resource_id=track.pk, source="web", browser="one", now=NOON)
