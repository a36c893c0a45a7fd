"""The demonstration's split: offered once, by somebody who shares a work with the artist."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.models import RightsShare, SplitLine
from mediaplatform.demo.logins import ARTIST
from mediaplatform.demo.splits import offer_split
from tests.factories.catalog import make_payee, make_release

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_a_partner_offers_the_artist_more_once() -> None:
    artist, partner = make_payee("Dora", email=ARTIST), make_payee("Ben", email="ben@example.org")
    resource = make_release("Song").resources.get()
    for payee, share_bp in ((artist, 3_000), (partner, 7_000)):
        RightsShare.objects.create(
            resource=resource, payee=payee, share_bp=share_bp, valid_from=date(2026, 1, 1)
        )
    assert offer_split(now=NOW) == "Song"
    assert dict(SplitLine.objects.values_list("payee", "share_bp")) == {artist.pk: 3_500, partner.pk: 6_500}
    assert offer_split(now=NOW) is None
