"""`make run`: servers, preparation, our own processes and the demo, under one supervisor."""

from __future__ import annotations

import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.place import DATABASE, Place
from mediaplatform.infrastructure.embedded.processes import Child, Command, EmbeddedProblem
from mediaplatform.infrastructure.embedded.supervisor import Part, Supervisor
from mediaplatform.infrastructure.tasks import QUEUES

PROJECT = Path(__file__).resolve().parents[3]
SERVERS, OURS = 0, 1  # stages: ours stop first
LOW_BYTES = 300 * 1024**2
WATCH_DISK_S = 30.0
WEB_THREADS = 8
PATIENT_STOP = (
    (signal.SIGTERM, 8.0),
    (signal.SIGQUIT, 4.0),
)  # a worker gives unfinished tasks back to the queue


def run(place: Place, *, say: Callable[[str], None]) -> None:
    """Run everything until a signal comes.

    Raises:
        StopRequested: a signal came.
        EmbeddedProblem: something is in the way, or a part can't run.
    """
    with place.lock(), Supervisor(say=say) as supervisor:
        place.check()
        environment = place.environment()
        begun = time.monotonic()
        say(f"Starting PostgreSQL and Valkey, with their data in {place.var}")
        supervisor.start(Part("PostgreSQL", SERVERS, place.postgres.start))
        supervisor.start(Part("Valkey", SERVERS, place.valkey.start))
        place.postgres.create_database(DATABASE)
        say("Preparing the database and the pages")
        finish(embedded_command("prepare", environment), supervisor)
        say("Starting the web server and the workers")
        for part in our_parts(place, environment):
            supervisor.start(part)
        if place.has_demo:
            finish(manage_command("load_demo", environment), supervisor)
            finish(manage_command("demo_logins", environment), supervisor)
        say(f"Ready after {time.monotonic() - begun:.0f} s: {place.site_url}")
        say(f"Logs are in {place.logs}. Ctrl-C stops everything; the data stay.")
        watch(supervisor, place)


def our_parts(place: Place, environment: Mapping[str, str]) -> list[Part]:
    """Return the web server, the games' web server, the workers and the clock."""
    celery = [sys.executable, "-m", "celery", "--app", "mediaplatform.celery"]
    quiet = ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]

    def part(name: str, *arguments: str) -> Part:
        command = Command(
            name=name,
            arguments=arguments,
            environment=environment,
            stop=PATIENT_STOP,
            orphaned=signal.SIGKILL,  # a gentle stop would wait for a Valkey that is gone; tasks are given again
            folder=PROJECT,
        )
        return Part(name, OURS, lambda: processes.start(command, log=place.logs / f"{name}.log"))

    return [
        *(
            part(f"worker-{name}", *celery, "worker", "-Q", name, "-c", "1", "-n", f"{name}@%h", *quiet)
            for name in QUEUES
        ),
        part(
            "beat",
            *celery,
            "beat",
            "--schedule",
            str(place.var / "beat"),
            "--pidfile",
            "",
            "--loglevel",
            "INFO",
        ),
        Part("web", OURS, lambda: start_web("web", place.port, environment, place.logs)),
        Part("games", OURS, lambda: start_web("games", place.port + 1, environment, place.logs)),
    ]


def start_web(
    name: str, port: int, environment: Mapping[str, str], logs: Path, *, threads: int = WEB_THREADS
) -> Child:
    """Start a web server on a port of this machine and wait until it speaks.

    Not until it is healthy: a database that was killed with it is started again only after it.

    Raises:
        EmbeddedProblem: it does not.
    """
    command = Command(
        name=name,
        arguments=[
            *(sys.executable, "-m", "granian", "mediaplatform.wsgi:application", "--interface", "wsgi"),
            *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--workers", "1"),
            *(
                "--blocking-threads",
                str(threads),
                "--workers-kill-timeout",
                "5",
                "--respawn-failed-workers",
            ),
        ],
        environment=environment,
        folder=PROJECT,
    )
    child = processes.start(command, log=logs / f"{name}.log")
    processes.wait_until(lambda: speaks(f"http://127.0.0.1:{port}/healthz"), child=child, patience_s=60)
    return child


def speaks(address: str) -> bool:
    """Tell whether a web server answers there at all, if only that something behind it is away."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - always http
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def answers(address: str) -> bool:
    """Tell whether a web server answers there without an error of its own."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - always http
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500  # noqa: PLR2004 - server errors begin there
    except OSError:
        return False
    return True


def manage_command(name: str, environment: Mapping[str, str]) -> Command:
    """Return a management command as a process."""
    return Command(
        name=name, arguments=[sys.executable, "manage.py", name], environment=environment, folder=PROJECT
    )


def embedded_command(name: str, environment: Mapping[str, str]) -> Command:
    """Return a step of this package as a process, since only a fresh one reads the settings."""
    module = f"mediaplatform.infrastructure.embedded.{name}"
    return Command(
        name=name, arguments=[sys.executable, "-m", module], environment=environment, folder=PROJECT
    )


def finish(command: Command, supervisor: Supervisor) -> None:
    """Run a command to its end, on our console, while the supervisor goes on watching.

    Raises:
        EmbeddedProblem: it ended with an error.
    """
    child = processes.start(command, log=None)
    try:
        while child.is_running:
            supervisor.check()
            time.sleep(processes.POLL_S)
    finally:
        processes.stop([child])
    if child.process.returncode:
        raise EmbeddedProblem(f"{command.name} {child.describe_end()}; what it says stands above")


def watch(supervisor: Supervisor, place: Place) -> None:
    """Watch the parts and the disk until a signal comes."""
    next_look, was_low = 0.0, False
    while True:
        supervisor.check()
        if time.monotonic() >= next_look:
            free_bytes = shutil.disk_usage(place.var).free
            is_low = free_bytes < LOW_BYTES
            if is_low and not was_low:
                supervisor.say(
                    f"The disk of {place.var} is nearly full ({free_bytes // 1024**2} MB free): make room"
                )
            next_look, was_low = time.monotonic() + WATCH_DISK_S, is_low
        time.sleep(processes.POLL_S * 5)
