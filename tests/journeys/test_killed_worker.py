"""A power cut in the middle of packaging: the work is found again from the database, and nothing is half published."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.journeys.delivery import write_delivery
from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE_S = 120
LONG_S = 400  # of recording: long enough to be killed in
STATES = """
from catalog.models import Package, Release
package = Package.objects.get()
print(package.state, package.attempts, Release.objects.get().status)
"""
TIME_PASSES = """
from datetime import timedelta
from django.db.models import F
from catalog.models import Package
from catalog.packaging.services import GIVEN_UP_AFTER, resume_packaging
Package.objects.update(heartbeat_at=F("heartbeat_at") - GIVEN_UP_AFTER - timedelta(seconds=1))
print(resume_packaging())
"""


def test_a_worker_killed_in_the_middle_of_packaging_loses_nothing(
    live_stack: LiveStack, tmp_path: Path
) -> None:
    live_stack.manage("load_territories")
    live_stack.kill("beat")  # the test says when time has passed
    live_stack.manage("deliver", "--no-wait", write_delivery(tmp_path / "delivery", seconds=LONG_S))
    wait_for(live_stack, "running 1 draft")
    live_stack.kill("worker-media")
    assert states(live_stack) == "running 1 draft"
    live_stack.start("worker-media")
    assert live_stack.manage("shell", "-c", TIME_PASSES).split()[-1] == "1"
    wait_for(live_stack, "ready 2 published")


def wait_for(stack: LiveStack, wanted: str) -> None:
    """Look until the package's state, its attempts and its release's status are those."""
    limit = time.monotonic() + PATIENCE_S
    while (found := states(stack)) != wanted:
        assert time.monotonic() < limit, f"{found}\n{stack.log('worker-media')[-3000:]}"
        time.sleep(0.2)


def states(stack: LiveStack) -> str:
    """Return the one package's state and attempts, and its release's status."""
    return stack.manage("shell", "-v0", "-c", STATES).strip().splitlines()[-1]
