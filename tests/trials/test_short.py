"""The short trial of CI: forty players, half a minute, each process killed once or twice."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.trials.trial import PARTS, run_trial

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_what_was_acknowledged_is_in_the_log_once_whatever_was_killed(private_folder: Path) -> None:
    folder = private_folder / f"trial-{secrets.token_hex(4)}"
    outcome = run_trial(folder, players=40, seconds=30, every_s=3.2, seed=secrets.randbelow(2**32))
    assert outcome.faults == []
    assert set(outcome.kills) == set(PARTS)
    assert outcome.kills.total() >= 4  # a part that is just starting can't be killed
    assert outcome.seconds > 0
