"""Other people's code on other people's files: children with limits of memory, processor time and time."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mediaplatform.infrastructure.embedded.processes import die_with_parent

MEMORY_BYTES = 4 * 1024**3
LARGEST_FILE_BYTES = 64 * 1024**3
NICER = 10  # than the web server on the same machine


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space, seconds on each processor, processors (0: all of ours)."""

    memory_bytes: int = MEMORY_BYTES
    cpu_s: float = 0  # 0: no limit
    cpus: int = 0


class ChildFailed(Exception):
    """The child ended badly, or did not end in time; `said` is what it wrote to its error stream."""

    def __init__(self, reason: str, said: str) -> None:
        self.said = said
        super().__init__(reason)


def confine(limits: Limits) -> Callable[[], None]:
    """Return what a child does before it becomes another program: limit itself, and die with us.

    Memory is a limit of address space (RLIMIT_AS), which programs that reserve much more than they use (Node)
    can't live under: give them 0. Processors are chosen by our own number, so that workers take different ones.
    """
    ask = die_with_parent()
    ours = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    chosen: set[int] = set()
    if limits.cpus and limits.cpus < len(ours):
        first = os.getpid() * limits.cpus % len(ours)
        chosen = {ours[(first + number) % len(ours)] for number in range(limits.cpus)}

    def act() -> None:
        if limits.memory_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        if limits.cpu_s:
            resource.setrlimit(resource.RLIMIT_CPU, (int(limits.cpu_s) + 1, int(limits.cpu_s) + 5))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(NICER)
        if chosen:
            os.sched_setaffinity(0, chosen)
        ask()

    return act


def run_confined(
    command: Sequence[str | Path],
    *,
    timeout_s: float,
    limits: Limits,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Run a program to its end and return what it wrote to its output.

    Raises:
        ChildFailed: it ended with an error, was killed, or did not end in time.
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            preexec_fn=confine(limits),
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(f"did not end within {timeout_s:.0f} s", "") from error
    except OSError as error:
        raise ChildFailed(f"can't be started: {error.strerror}", "") from error
    if done.returncode:
        raise ChildFailed(f"ended with status {done.returncode}", done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")
