"""One child process: started with a log of its own, stopped for certain, never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED_USER = "nobody"  # PostgreSQL refuses to run as root
PR_SET_PDEATHSIG = 1
POLL_S = 0.05
LISTENED = range(20_000, 32_000)  # Linux connects from 32768 on, macOS from 49152

StopSteps = Sequence[tuple[signal.Signals, float]]  # signals and the seconds of patience after each


class EmbeddedProblem(Exception):
    """One clear line: what is wrong, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and how it is stopped.

    `stop` are (signal, seconds of patience), tried in turn; after the last the process group is killed.
    `orphaned` is the one signal that it gets if we are killed: the first of `stop` unless it is said. What may
    wait for ever for a server that dies with us takes SIGKILL.
    """

    name: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    stop: StopSteps = ((signal.SIGTERM, 10.0),)
    orphaned: signal.Signals | None = None
    user: str | None = None
    folder: Path | None = None


@dataclass(slots=True)
class Child:
    """A running command and where it writes."""

    command: Command
    process: subprocess.Popen[bytes]
    log: Path | None
    signalled_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def describe_end(self) -> str:
        """Say how the process ended: `was killed by SIGKILL` or `stopped with status 1`."""
        status = self.process.wait()
        return (
            f"was killed by {signal.Signals(-status).name}" if status < 0 else f"stopped with status {status}"
        )

    def last_words(self) -> str:
        """Return the last line of the log that names an error, else the last one."""
        if self.log is None or not self.log.exists():
            return ""
        lines = [
            line.strip() for line in self.log.read_text("utf-8", "replace").splitlines()[-40:] if line.strip()
        ]
        told = [line for line in lines if re.search(r"FATAL|PANIC|Error|ERROR|Fatal|refused", line)]
        return (told or lines or [""])[-1]


def start(command: Command, *, log: Path | None) -> Child:
    """Start a command in a process group of its own; it is told to stop when this process dies.

    Its output goes to the log, or to ours without one.

    Raises:
        EmbeddedProblem: the program is not there or may not be run.
    """
    output = (
        None if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    )
    account = None if command.user is None else pwd.getpwnam(command.user)
    try:
        process = subprocess.Popen(
            [str(argument) for argument in command.arguments],
            env=dict(command.environment),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            preexec_fn=die_with_parent(command.orphaned or command.stop[0][0]),  # noqa: PLW1509 - two system calls
        )
    except OSError as error:
        raise EmbeddedProblem(
            f"{command.name} can't be started: {command.arguments[0]}: {error.strerror}"
        ) from error
    finally:
        if output is not None:
            os.close(output)
    return Child(command, process, log)


def stop(children: Iterable[Child]) -> None:
    """Stop processes together, gently first, and wait until they and all that they started are gone."""
    waiting = [(child, list(child.command.stop)) for child in children]
    while waiting:
        waiting = [(child, steps) for child, steps in waiting if not _advance(child, steps)]
        time.sleep(POLL_S if waiting else 0)


def _advance(child: Child, steps: list[tuple[signal.Signals, float]]) -> bool:
    """Send the next due signal; True once the process is gone."""
    now = time.monotonic()
    if not child.is_running or (not steps and child.signalled_at <= now):
        end_group(child)
        return True
    if child.signalled_at <= now:  # due: the first step at once, each further one when patience ends
        number, patience_s = steps.pop(0)
        child.process.send_signal(number)
        child.signalled_at = now + patience_s
    return False


def end_group(child: Child) -> None:
    """Kill what is left of a process and of all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def end_left_behind(program: str, *, folder: Path, patience_s: float = 10.0) -> None:
    """Kill what is left of a dead server: processes of that program that work in its folder, in whatever group.

    A server whose children make groups of their own can't be ended by its group. Only Linux tells where a process
    works; elsewhere they are left to end by themselves.
    """
    limit = time.monotonic() + patience_s
    while (left := _working_in(folder, program)) and time.monotonic() < limit:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL_S)


def _working_in(folder: Path, program: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or is somebody else's
            is_it = (entry / "comm").read_text("utf-8").strip() == program
            if is_it and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return found


def wait_until(is_ready: Callable[[], bool], *, child: Child, patience_s: float) -> None:
    """Wait for a server to answer; one that does not is ended with all that it has started, which may hold its port.

    Raises:
        EmbeddedProblem: it stopped, or did not answer in time.
    """
    limit = time.monotonic() + patience_s
    name = child.command.name
    while not is_ready():
        if not child.is_running:
            end_group(child)
            raise EmbeddedProblem(f"{name} {child.describe_end()}: {child.last_words()} (see {child.log})")
        if time.monotonic() > limit:
            end_group(child)
            raise EmbeddedProblem(
                f"{name} did not answer within {patience_s:.0f} s: {child.last_words()} (see {child.log})"
            )
        time.sleep(POLL_S)


def free_ports(count: int) -> list[int]:
    """Return ports in a row on which nobody listens now.

    None of them is one that systems give to connections that go out, which would take it before it is listened on.
    """
    while True:
        first = LISTENED[secrets.randbelow(len(LISTENED) - count)]
        ports = list(range(first, first + count))
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in ports:
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return ports


def unprivileged_user() -> str | None:
    """Return the user that servers run as which refuse root; None when we are not root."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else None


def may_reach(path: Path, *, user: str | None) -> bool:
    """Tell whether the user may read or run the file, through every folder above it."""
    if user is None:
        return os.access(path, os.R_OK)
    account = pwd.getpwnam(user)
    done = subprocess.run(
        ["/usr/bin/env", "test", "-r", str(path)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return done.returncode == 0


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """Return what a child does before it becomes the program: ask for a signal at its parent's death.

    Only Linux can; elsewhere the child does nothing.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask
