"""The whole platform for browsers' journeys: started once, and made empty for each journey."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from psycopg import connect, sql

from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded import processes, run
from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.processes import Child
from mediaplatform.infrastructure.embedded.supervisor import Part
from tests import servers

JOURNEY_VALKEY_DATABASE = 32  # beyond those of the workers of xdist
ROUTES = b"_kombu."  # where Celery's clients keep which queues there are: they write it once
IDS_APART = 1_000_000


@dataclass(slots=True)
class LiveStack:
    """A running platform; `parts` are `web`, `games`, `beat` and a worker a queue, such as `worker-deliveries`."""

    place: Place
    environment: dict[str, str]
    parts: dict[str, Part]
    children: dict[str, Child] = field(default_factory=dict)
    read_from: dict[str, int] = field(default_factory=dict)  # bytes of each log that others' journeys wrote

    @property
    def site_url(self) -> str:
        """Where the pages are, such as http://localhost:40001."""
        return self.place.site_url

    def manage(self, *arguments: str | Path) -> str:
        """Run a management command on this platform and return what it prints; a failure shows its errors."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=run.PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[0]} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        """Start a part that is not running."""
        self.children[name] = self.parts[name].start()

    def kill(self, name: str) -> None:
        """Kill a part with all that it has started, as a power cut would."""
        processes.end_group(self.children.pop(name))

    def log(self, name: str) -> str:
        """Return what a part has written since the journey began."""
        with (self.place.logs / f"{name}.log").open("rb") as file:
            file.seek(self.read_from.get(name, 0))
            return file.read().decode("utf-8", "replace")


@dataclass(slots=True)
class Platform:
    """The processes, kept for many journeys, and the database that each journey's is a copy of."""

    stack: LiveStack
    database: str
    journeys: int = 0

    @property
    def template(self) -> str:
        """The database with its tables and territories, and nothing else."""
        return f"{self.database}_template"

    def begin_journey(self) -> LiveStack:
        """Forget whatever was done here, let all parts run, and return the platform to somebody who begins.

        Nothing is left to be met by chance: even the ids are others than those of the journeys before, for a process
        or a browser that remembers one.
        """
        self.journeys += 1
        self._copy_database()
        self._forget_keys()
        store = objectstore.open_store(self.stack.environment["OBJECT_STORE_URL"])
        for key in list(store.list_keys(prefix="")):
            store.delete(key=key)
        for name in self.stack.parts:
            if name not in self.stack.children or not self.stack.children[name].is_running:
                self.stack.start(name)
        logs = {name: self.stack.place.logs / f"{name}.log" for name in self.stack.parts}
        return LiveStack(
            place=self.stack.place,
            environment=dict(self.stack.environment),
            parts=self.stack.parts,
            children=self.stack.children,
            read_from={name: log.stat().st_size for name, log in logs.items() if log.exists()},
        )

    def _copy_database(self) -> None:
        """Put a copy of the template in the place of the database, under whoever is connected to it."""
        postgres = servers.private_postgres()
        mine, template = sql.Identifier(self.database), sql.Identifier(self.template)
        with connect(postgres.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(mine))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(mine, template))
        with connect(postgres.address(self.database)) as connection:
            connection.execute(
                "SELECT setval(oid, %s) FROM pg_class WHERE relkind = 'S'", [self.journeys * IDS_APART]
            )

    def _forget_keys(self) -> None:
        """Empty queues, cache, sessions, seats and counters."""
        with redis.Redis.from_url(self.stack.environment["REDIS_URL"]) as valkey:
            for key in list(valkey.scan_iter()):
                if not key.startswith(ROUTES):
                    valkey.delete(key)


@contextmanager
def live_platform(*, folder: Path, object_store_url: str) -> Iterator[Platform]:
    """Run a platform in the folder; its database is on this run's private PostgreSQL."""
    name = f"journey_{secrets.token_hex(4)}"
    place = Place(var=folder, port=processes.free_ports(2)[0], has_demo=False)
    place.logs.mkdir(parents=True)
    environment = place.environment() | {
        "DATABASE_URL": servers.private_postgres().address(name),
        "REDIS_URL": servers.private_valkey().address(JOURNEY_VALKEY_DATABASE + servers.worker_number()),
        "OBJECT_STORE_URL": object_store_url,
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
        "GRANT_KEY_ID": "journey",
    }
    stack = LiveStack(place, environment, {part.name: part for part in run.our_parts(place, environment)})
    platform = Platform(stack, name)
    try:
        _prepare(platform)
        yield platform
    finally:
        processes.stop(stack.children.values())


def _prepare(platform: Platform) -> None:
    """Make the template, as `make run` prepares a database, with the territories."""
    postgres = servers.private_postgres()
    postgres.create_database(platform.template)
    place = platform.stack.place
    environment = platform.stack.environment | {"DATABASE_URL": postgres.address(platform.template)}
    prepared = processes.start(run.embedded_command("prepare", environment), log=place.logs / "prepare.log")
    try:
        assert prepared.process.wait() == 0, platform.stack.log("prepare")
    finally:
        processes.stop([prepared])
    LiveStack(place, environment, {}).manage("load_territories")
