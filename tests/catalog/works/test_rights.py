"""The rights tables hold what is in force on the day asked for."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.models import Payee, Release, Resource, RightsShare, Territory
from catalog.works.rights import export_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Resource:
    release = Release.objects.create(deliverer="d", reference="r", title="T", medium="music", kind="album")
    track = Resource.objects.create(
        release=release, reference="1", title="One", medium="music", duration_s=61
    )
    home = Territory.objects.create(
        level="commune", code="42095", name="Firminy", vintage=2026, epci_code="244200770",
        departement_code="42", region_code="84", country_code="FR",
    )  # fmt: skip
    early, late = (Payee.objects.create(legal_name=name, home=home) for name in ("Early", "Late"))
    change = date(2026, 10, 15)
    RightsShare.objects.create(
        resource=track, payee=early, share_bp=10_000, valid_from=date(2026, 1, 1), valid_to=change
    )
    RightsShare.objects.create(resource=track, payee=late, share_bp=10_000, valid_from=change)
    return track


@pytest.mark.parametrize(("day", "holder"), [(date(2026, 10, 14), "Early"), (date(2026, 10, 15), "Late")])
def test_shares_are_those_of_the_day(track: Resource, day: date, holder: str) -> None:
    (share,) = export_rights(on=day).shares.to_pylist()
    assert share == {
        "resource_id": track.pk,
        "payee_id": Payee.objects.get(legal_name=holder).pk,
        "share_bp": 10_000,
    }


def test_a_payee_is_at_every_level_of_its_home(track: Resource) -> None:
    first = export_rights(on=date(2026, 10, 1)).payees.to_pylist()[0]
    assert {key: value for key, value in first.items() if key != "payee_id"} == {
        "commune": "42095",
        "epci": "244200770",
        "departement": "42",
        "region": "84",
        "country": "FR",
    }


def test_resources_name_their_release_and_duration(track: Resource) -> None:
    assert export_rights(on=date(2026, 10, 1)).resources.to_pylist() == [
        {"resource_id": track.pk, "release_id": track.release_id, "medium": "music", "duration_s": 61}
    ]
