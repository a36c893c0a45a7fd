"""A power cut in the middle of packaging: the work is found again from the database, and nothing is half published."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from psycopg import connect

from tests.factories.catalog import DELIVERY_ROW, RIGHTS_ROW, write_film, write_folder
from tests.journeys.delivery import write_delivery
from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE_S = 300
TRACK, FILM = "J-1", "FILM"  # releases
LONG_S = 150  # of recording: long enough to be killed in
STATES = """
SELECT package.state, package.attempts, release.status FROM catalog_package package
JOIN catalog_resource resource ON resource.id = package.resource_id
JOIN catalog_release release ON release.id = resource.release_id
WHERE release.reference = %s
"""
TIME_PASSES = """
from datetime import timedelta
from django.db.models import F
from catalog.models import Package
from catalog.packaging.services import GIVEN_UP_AFTER, resume_packaging
Package.objects.update(heartbeat_at=F("heartbeat_at") - GIVEN_UP_AFTER - timedelta(seconds=1))
print(resume_packaging())
"""


@pytest.fixture(scope="module")
def stack(live_stack: LiveStack) -> LiveStack:
    """The platform without its clock: the tests say when time has passed."""
    live_stack.kill("beat")
    return live_stack


def test_a_worker_killed_in_the_middle_of_packaging_loses_nothing(stack: LiveStack, tmp_path: Path) -> None:
    stack.manage("deliver", "--no-wait", write_delivery(tmp_path / "delivery", seconds=LONG_S))
    wait_for(stack, TRACK, "running 1 draft")
    stack.kill("worker-audio")
    assert states(stack, TRACK) == "running 1 draft"
    stack.start("worker-audio")
    assert stack.manage("shell", "-c", TIME_PASSES).split()[-1] == "1"
    wait_for(stack, TRACK, "ready 2 published")


def test_a_worker_killed_at_any_moment_of_a_film_loses_nothing(stack: LiveStack, tmp_path: Path) -> None:
    """The moment is anywhere between the claim and some seconds of encoding; the platform above still runs."""
    stack.kill("worker-video")
    stack.manage("deliver", "--no-wait", write_film_delivery(tmp_path / "film"))
    stack.start("worker-video")
    limit = time.monotonic() + PATIENCE_S
    while "package_resource[" not in stack.log("worker-video"):
        assert time.monotonic() < limit
        time.sleep(0.02)
    moment_s = random.uniform(0.3, 2.5)
    time.sleep(moment_s)
    stack.kill("worker-video")
    assert states(stack, FILM) == "running 1 draft", f"killed after {moment_s:.2f} s"
    stack.start("worker-video")
    assert stack.manage("shell", "-c", TIME_PASSES).split()[-1] == "1"
    wait_for(stack, FILM, "ready 2 published")


def write_film_delivery(folder: Path) -> Path:
    """Write a delivery of one film, long enough to be killed in."""
    row = {
        **DELIVERY_ROW, "release_ref": FILM, "resource_ref": f"{FILM}-1", "medium": "video", "release_kind": "film",
        "file": "film.mp4",
    }  # fmt: skip
    write_folder(
        folder, delivery=[row], rights=[{**RIGHTS_ROW, "resource_ref": f"{FILM}-1"}], has_media=False
    )
    write_film(folder / "film.mp4", seconds=28, size="854x480")
    return folder


def wait_for(stack: LiveStack, reference: str, wanted: str) -> None:
    """Look until the package's state, its attempts and its release's status are those."""
    limit = time.monotonic() + PATIENCE_S
    while (found := states(stack, reference)) != wanted:
        logs = [stack.log(f"worker-{name}")[-2000:] for name in ("audio", "video")]
        assert time.monotonic() < limit, "\n".join([found, *logs])
        time.sleep(0.05)


def states(stack: LiveStack, reference: str) -> str:
    """Return the state and attempts of a release's package, and the release's status."""
    with connect(stack.environment["DATABASE_URL"]) as connection:
        return " ".join(map(str, connection.execute(STATES, [reference]).fetchone() or ()))
