"""A platform of its own whose processes are killed at random while players play; then its log is compared with them."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.run import PROJECT, answers
from tests.trials.clock import JUMPS, Clock, find_clock
from tests.trials.players import Player

READY_S, HEAL_S = 300.0, 240.0  # a busy machine starts slowly
JUMP_CHANCE = 0.5  # of the clock, beside a kill
CHILD_OF = "the child of "
PARTS = {  # words of the command lines of what may be killed; of a master alone or of the process that it has started
    "web": ("granian", "--port"),
    f"{CHILD_OF}web": ("granian", "--port"),
    f"{CHILD_OF}worker": ("celery", "default"),
    "worker": ("celery", "default"),
    "beat": ("celery", "beat"),
    "Valkey": ("valkey",),
    "PostgreSQL": ("postgres", "-D"),
}
READ_LOG = """
import json, sys
from datetime import timedelta
from django.utils import timezone
from catalog.usage import compaction, log
now = timezone.now()
compaction.compact_open_days(now=now)
plays = [row for back in (1, 0) for row in log.read_day(
    day=log.day_of(now - timedelta(days=back)), columns=["session_id", "seconds"]).to_pylist()]
print(json.dumps([[row["session_id"], row["seconds"]] for row in plays]))
"""


@dataclass(slots=True)
class Outcome:
    """What a trial came to; `faults` should be empty."""

    sent: int = 0
    unanswered: int = 0
    acknowledged: int = 0
    seconds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    jumps: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run_trial(folder: Path, *, players: int, seconds: float, every_s: float, seed: int) -> Outcome:
    """Play for so long, killing a process every so often, and compare the log with what was acknowledged."""
    outcome, dice = Outcome(), random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    clock = find_clock(folder)
    with _platform(folder, clock) as (place, supervisor):
        secrets = json.loads((place.var / "secrets.json").read_text("utf-8"))
        key = base64.urlsafe_b64decode(secrets["GRANT_SIGNING_KEY"] + "==")
        crowd = [Player(place.port, key, "k1", random.Random(dice.random())) for _number in range(players)]
        trouble = Trouble(supervisor, clock, dice)
        _play(crowd, trouble, outcome, seconds=seconds, every_s=every_s)
        if clock:
            clock.settle()
        _wait(lambda: answers(f"{place.site_url}/healthz"), HEAL_S, "the web server did not come back")
        _in_threads([player.finish for player in crowd])
        _compare(place, crowd, outcome)
        outcome.faults += _left_behind(trouble.gone) + _not_back(supervisor)
    return outcome


@dataclass(slots=True)
class Trouble:
    """What befalls a platform; `gone` are the processes that should not run any more."""

    supervisor: psutil.Process
    clock: Clock | None
    dice: random.Random
    victims: list[str] = field(default_factory=list)
    gone: dict[psutil.Process, str] = field(default_factory=dict)

    def strike(self, outcome: Outcome) -> None:
        """Kill a part, and every other time set the clock apart.

        Each part in its turn, always the same: one that is killed four times a minute is given up by its supervisor.
        """
        self.victims = self.victims or self.dice.sample(list(PARTS), len(PARTS))
        name = self.victims.pop()
        self.victims.insert(0, name)
        killed = _kill(self.supervisor, name)
        outcome.kills[name] += bool(killed)
        self.gone |= killed
        if self.clock and self.dice.random() < JUMP_CHANCE:
            by = self.dice.choice(JUMPS)
            self.clock.jump(by)
            outcome.jumps[by] += 1


def _play(crowd: list[Player], trouble: Trouble, outcome: Outcome, *, seconds: float, every_s: float) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=player.play, args=(stop,)) for player in crowd]
    for thread in threads:
        thread.start()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        time.sleep(every_s * trouble.dice.uniform(0.6, 1.4))
        trouble.strike(outcome)
    stop.set()
    for thread in threads:
        thread.join()


def _kill(supervisor: psutil.Process, name: str) -> dict[psutil.Process, str]:
    """Kill -9 a part, if it runs just now; return it and what it has started, which is to end with it, by name."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        part = _find(supervisor, name)
        started = part.children(recursive=True) if part else []
        if name.startswith(CHILD_OF):
            part, started = (started[0], started[0].children(recursive=True)) if started else (None, [])
        if part:
            named = {one: f"{name}: {' '.join(one.cmdline())[:100]}" for one in (part, *started)}
            part.kill()
            return named
    return {}


def _find(supervisor: psutil.Process, name: str) -> psutil.Process | None:
    for child in supervisor.children():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            line = " ".join(child.cmdline())
            if all(word in line for word in PARTS[name]):
                return child
    return None


def _left_behind(killed: dict[psutil.Process, str]) -> list[str]:
    """Name what outlived its part: it would hold the port, the data or a task of what was started again."""
    return [
        f"{process.pid} outlived what had started it: {line}"
        for process, line in killed.items()
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def _not_back(supervisor: psutil.Process) -> list[str]:
    return [f"{name} did not come back" for name in PARTS if _find(supervisor, name) is None]


def _compare(place: Place, crowd: list[Player], outcome: Outcome) -> None:
    said = _manage(place, "shell", "-v0", "-c", READ_LOG)
    found = said.strip().splitlines()[-1]
    if not found.startswith("["):
        raise RuntimeError(f"the log could not be read: {said}")
    rows = json.loads(found)
    log = dict(rows)
    expected = {str(player.session_id): player for player in crowd if player.acknowledged}
    outcome.faults += [
        f"{one} stands there twice" for one, n in Counter(row[0] for row in rows).items() if n > 1
    ]
    outcome.faults += [f"{one} is in the log and nobody's" for one in set(log) - set(expected)]
    for name, player in expected.items():
        if log.get(name) != player.seconds:
            outcome.faults.append(f"{name}: {log.get(name)} s in the log, {player.seconds} s acknowledged")
    outcome.faults += [fault for player in crowd for fault in player.faults]
    if "Every acknowledged session is in the log once." not in _manage(place, "usage", "verify"):
        outcome.faults.append("usage verify found something")
    outcome.sent = sum(player.sent for player in crowd)
    outcome.unanswered = sum(player.failed for player in crowd)
    outcome.acknowledged = sum(len(player.acknowledged) for player in crowd)
    outcome.seconds = sum(log.values())


def _manage(place: Place, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=place.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else f"{done.stdout}\n{done.stderr}"


@contextmanager
def _platform(folder: Path, clock: Clock | None) -> Iterator[tuple[Place, psutil.Process]]:
    """Run an empty platform under its supervisor, which starts again what is killed."""
    place = Place(var=folder, port=processes.free_ports(2)[0], has_demo=False)
    environment = dict(os.environ) | {"VAR_DIR": str(folder), "PORT": str(place.port), "DEMO": "0"}
    for name in ("DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)  # those of the tests
    environment |= clock.environment if clock else {}
    with (folder / "console.log").open("wb") as console:
        command = [sys.executable, "-m", "mediaplatform.infrastructure.embedded", "run"]
        running = psutil.Popen(command, cwd=PROJECT, env=environment, stdout=console, stderr=console)
        try:
            _wait(
                lambda: b"Ready after" in (folder / "console.log").read_bytes(), READY_S, "it did not start"
            )
            yield place, running
        except RuntimeError as fault:
            raise RuntimeError(f"{fault}:\n{(folder / 'console.log').read_text('utf-8')}") from fault
        finally:
            with suppress(psutil.NoSuchProcess):
                running.send_signal(signal.SIGTERM)
            running.wait(timeout=60)


def _wait(is_done: Callable[[], bool], patience_s: float, complaint: str) -> None:
    limit = time.monotonic() + patience_s
    while not is_done():
        if time.monotonic() > limit:
            raise RuntimeError(complaint)
        time.sleep(0.2)


def _in_threads(acts: Iterable[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
