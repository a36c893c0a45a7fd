"""`make trial ARGS="--minutes 10 --players 200"`: the long trial; ends with an error if the log is not exact."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.trials.trial import run_trial

parser = argparse.ArgumentParser(prog="trial", description=__doc__)
parser.add_argument("--minutes", type=float, default=10)
parser.add_argument("--players", type=int, default=200)
parser.add_argument("--every", type=float, default=5.0, help="seconds between two kills")
parser.add_argument("--seed", type=int, default=1)
chosen = parser.parse_args()
with tempfile.TemporaryDirectory(prefix="mediaplatform-trial-", ignore_cleanup_errors=True) as scratch:
    Path(scratch).chmod(0o755)  # as root, PostgreSQL runs as another user and must get in
    found = run_trial(
        Path(scratch) / "var",
        players=chosen.players,
        seconds=60 * chosen.minutes,
        every_s=chosen.every,
        seed=chosen.seed,
    )
kills = ", ".join(f"{name} {count}" for name, count in sorted(found.kills.items()))
jumps = ", ".join(f"{by} {count}" for by, count in sorted(found.jumps.items()))
sys.stdout.write(f"killed: {kills}\n")
sys.stdout.write(f"the clock set apart: {jumps or 'never, for libfaketime is not installed'}\n")
sys.stdout.write(
    f"{found.sent:,} heartbeats sent, {found.unanswered:,} of them unanswered or refused for a while\n"
)
sys.stdout.write(
    f"{found.acknowledged:,} different ones acknowledged; {found.seconds:,} seconds in the log\n"
)
sys.exit("\n".join(found.faults) or 0)
