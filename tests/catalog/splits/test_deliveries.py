"""What holders agreed on outlives the next delivery's sheet of rights."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.ingest.services import deliver_folder
from catalog.models import Payee, Resource, RightsShare
from catalog.splits import services
from catalog.splits.services import Proposal
from mediaplatform.infrastructure import objectstore
from tests.factories.catalog import RIGHTS_ROW, make_geography, make_payee, write_folder


@pytest.mark.django_db
def test_a_delivery_leaves_an_agreed_split_and_says_so(tmp_path: Path) -> None:
    objectstore.get_store().prepare()
    make_geography()
    deliver_folder(folder=write_folder(tmp_path / "a"), sent_by=None, deliverer="label")
    resource, ana = Resource.objects.get(), Payee.objects.get()
    begins = agree(resource, ana, make_payee("Bo", email="bo@example.org"))
    rights = [RIGHTS_ROW | {"valid_from": "2026-02-01"}]
    delivery = deliver_folder(
        folder=write_folder(tmp_path / "a", rights=rights), sent_by=None, deliverer="label"
    )
    assert [(one.code, one.row) for one in delivery.faults.all()] == [("split_agreed", 2)]
    shares = RightsShare.objects.in_force(begins).values_list("payee__legal_name", "share_bp")
    assert dict(shares) == {ana.legal_name: 7_000, "Bo": 3_000}


def agree(resource: Resource, ana: Payee, bo: Payee) -> date:
    """Let two share a resource from the next month on."""
    now = timezone.now()
    begins = services.months_offered(now=now)[0]
    proposal = Proposal(
        payee_id=ana.pk,
        release_id=resource.release_id,
        resource_ids=frozenset({resource.pk}),
        shares_bp={ana.pk: 7_000, bo.pk: 3_000},
        valid_from=begins,
    )
    outcome = services.propose(proposal, now=now)
    services.answer(sheet_id=outcome.sheet_id, payee_id=bo.pk, accepts=True, reason="", now=now)
    return begins
