"""The folder `var/` of an embedded installation: what lies where, and what is checked beforehand."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mediaplatform.infrastructure.embedded.keyring import keep_secrets
from mediaplatform.infrastructure.embedded.postgres import Postgres
from mediaplatform.infrastructure.embedded.processes import EmbeddedProblem
from mediaplatform.infrastructure.embedded.valkey import Valkey

DATABASE = "mediaplatform"
FREE_BYTES = 2 * 1024**3
MAX_SOCKET_CHARS = 90  # the kernel allows 107, and PostgreSQL adds a lock file's suffix
PLATFORMS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64"), ("Darwin", "arm64")}


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: its folder, and the port of its pages (the games are on the next one)."""

    var: Path
    port: int
    has_demo: bool = True

    @property
    def logs(self) -> Path:
        """Where each process writes its log."""
        return self.var / "log"

    @property
    def site_url(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.port}"

    @property
    def games_url(self) -> str:
        """Where the games are: another host name, so that the browser keeps the cookies from them."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def sockets(self) -> Path:
        """The folder of the servers' sockets: in `var/`, or a short one if that is too long a path."""
        folder = self.var / "run"
        if len(str(folder / "postgres" / ".s.PGSQL.5432")) <= MAX_SOCKET_CHARS:
            return folder
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"mediaplatform-{os.getuid()}-{digest}"

    @property
    def postgres(self) -> Postgres:
        """The database server of this place."""
        return Postgres(data=self.var / "postgres", sockets=self.sockets / "postgres", logs=self.logs)

    @property
    def valkey(self) -> Valkey:
        """The broker of this place."""
        return Valkey(data=self.var / "valkey", place=self.sockets / "valkey" / "valkey.sock", logs=self.logs)

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of ours here; makes the secrets the first time.

        Raises:
            EmbeddedProblem: the file of secrets is damaged.
        """
        return {
            **os.environ,
            **keep_secrets(self.var / "secrets.json"),
            "DJANGO_SETTINGS_MODULE": "mediaplatform.settings.base",
            "VAR_DIR": str(self.var),
            "SITE_URL": self.site_url,
            "GAMES_URL": self.games_url,
            "DATABASE_URL": self.postgres.address(DATABASE),
            "REDIS_URL": self.valkey.address(),
            "OBJECT_STORE_URL": f"file://{self.var}/objects",
            "DEMO": "1" if self.has_demo else "0",
            "PYTHONUNBUFFERED": "1",
        }

    def check(self) -> None:
        """Find out what would go wrong later.

        Raises:
            EmbeddedProblem: the platform, the disk or a port.
        """
        machine = (platform.system(), platform.machine())
        if machine not in PLATFORMS:
            raise EmbeddedProblem(
                f"{' '.join(machine)} is not supported: use Linux or macOS on x86-64 or ARM64"
            )
        free_bytes = shutil.disk_usage(self.var).free
        if free_bytes < FREE_BYTES:
            raise EmbeddedProblem(
                f"Only {free_bytes / 1024**3:.1f} GB are free on the disk of {self.var}, 2 GB are needed: "
                "make room, or give another folder: make run VAR_DIR=/path"
            )
        for port, what in ((self.port, "the pages"), (self.port + 1, "the games")):
            if not _is_free(port):
                raise EmbeddedProblem(
                    f"Port {port}, which {what} need, is taken by another program: "
                    f"choose another one, for example make run PORT={self.port + 100}"
                )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second `make run` away from this folder; the lock goes with the process, however it ends.

        Raises:
            EmbeddedProblem: somebody else has it, or the folder can't be written.
        """
        try:
            self._make_folders()
            file = (self.var / "run.lock").open("a+")
        except PermissionError as error:
            raise EmbeddedProblem(
                f"{error.filename} belongs to somebody else (was `make run` started as root before?): "
                "make it yours, or choose another folder: make run VAR_DIR=/path"
            ) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                raise EmbeddedProblem(
                    f"It is running already (process {file.read().strip()}): stop that one with Ctrl-C, "
                    "or give this one a folder and a port of its own: make run VAR_DIR=/path PORT=8100"
                ) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            finally:
                if not self.sockets.is_relative_to(self.var):
                    shutil.rmtree(self.sockets, ignore_errors=True)

    def _make_folders(self) -> None:
        for folder in (self.var, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        # As root, PostgreSQL is another user and must pass; what lies within is closed by folders of its own.
        self.sockets.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        if self.sockets.stat().st_uid != os.geteuid():
            raise EmbeddedProblem(
                f"{self.sockets} belongs to somebody else: remove it, or set TMPDIR to another folder"
            )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just given back is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
