"""From a delivery whose shares are not whole to the month's close: let out, blocked, put right, closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.ingest import services
from catalog.ingest.services import deliver_folder
from catalog.models import Package, Release
from catalog.packaging.services import run_package
from mediaplatform.infrastructure import objectstore
from royalties.periods.services import MonthBlocked, close_month
from tests.catalog.people import make_user
from tests.factories.catalog import RIGHTS_ROW, write_folder, write_sheet
from tests.royalties.month import AFTER, OCTOBER, listen, make_world

pytestmark = pytest.mark.django_db


def test_what_came_out_without_whole_shares_blocks_the_close_until_they_are(tmp_path: Path) -> None:
    objectstore.get_store().prepare()
    world = make_world()
    folder = write_folder(tmp_path, rights=[RIGHTS_ROW | {"share_bp": "9000"}])
    delivery = deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")
    run_package(package_id=Package.objects.get(resource__release__deliveries=delivery).pk)
    oscar = make_user("oscar@example.org", is_operator=True)
    services.allow_shares(delivery_id=delivery.pk, reason="The heir is looked for.", user=oscar)
    release = Release.objects.get(deliverer="rive-gauche")
    assert release.status == "published"
    world.works["Jardins"] = release.resources.get()
    listen(world, [(1, "Jardins", 600)])
    with pytest.raises(MonthBlocked) as refused:
        close_month(month=OCTOBER, now=AFTER)
    [blocker] = refused.value.blockers
    assert "Matin" in blocker
    assert "90" in blocker
    write_sheet(folder / "rights.csv", [RIGHTS_ROW])
    deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")
    assert close_month(month=OCTOBER, now=AFTER).statements >= 1
