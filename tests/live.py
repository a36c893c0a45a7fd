"""The whole platform for a browser's journey: real servers, real workers, a database of its own."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mediaplatform.infrastructure.embedded import processes, run
from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.processes import Child
from mediaplatform.infrastructure.embedded.supervisor import Part
from tests import servers

JOURNEY_VALKEY_DATABASE = 32  # beyond those of the workers of xdist


@dataclass(slots=True)
class LiveStack:
    """A running platform; `parts` are `web`, `games`, `beat` and a worker a queue, such as `worker-deliveries`."""

    place: Place
    environment: dict[str, str]
    parts: dict[str, Part]
    children: dict[str, Child] = field(default_factory=dict)

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
        """Return what a part has written so far."""
        return (self.place.logs / f"{name}.log").read_text("utf-8", "replace")


@contextmanager
def live_platform(*, folder: Path, object_store_url: str) -> Iterator[LiveStack]:
    """Run an empty platform in the folder; its database is on this run's private PostgreSQL."""
    name = f"journey_{secrets.token_hex(4)}"
    servers.private_postgres().create_database(name)
    place = Place(var=folder, port=processes.free_ports(2)[0], has_demo=False)
    place.logs.mkdir(parents=True)
    environment = place.environment() | {
        "DATABASE_URL": servers.private_postgres().address(name),
        "REDIS_URL": servers.private_valkey().address(JOURNEY_VALKEY_DATABASE + servers.worker_number()),
        "OBJECT_STORE_URL": object_store_url,
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
        "GRANT_KEY_ID": "journey",
    }
    parts = {part.name: part for part in run.our_parts(place, environment)}
    stack = LiveStack(place, environment, parts)
    prepared = processes.start(run.embedded_command("prepare", environment), log=place.logs / "prepare.log")
    try:
        assert prepared.process.wait() == 0, stack.log("prepare")
        for part in parts:
            stack.start(part)
        yield stack
    finally:
        processes.stop([prepared, *stack.children.values()])
