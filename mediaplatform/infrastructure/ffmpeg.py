"""The one door to ffmpeg: found once, run as a child with limits, its last words kept for the report."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from mediaplatform.infrastructure.confined import MEMORY_BYTES, Limits, confine

LAST_LINES = 12
STALLED_S = 300.0
MOVING = frozenset({"frame", "out_time_us", "total_size"})  # of what `-progress` tells


class FfmpegFailed(Exception):
    """ffmpeg refused, crashed or took too long; `lines` are its last words, fit for a report."""

    def __init__(self, reason: str, lines: Sequence[str]) -> None:
        self.reason = reason
        self.lines = list(lines)
        super().__init__("\n".join([reason, *lines]))


def find_ffmpeg() -> Path:
    """Return the ffmpeg of the setting FFMPEG; with `auto` the system's, else the wheel's.

    Raises:
        FfmpegFailed: there is none.
    """
    return _find(settings.FFMPEG)


@lru_cache(maxsize=4)
def _find(choice: str) -> Path:
    if choice != "auto":
        if shutil.which(choice) is None:
            raise FfmpegFailed(f"FFMPEG is {choice!r}, which is no program", [])
        return Path(choice)
    if system := shutil.which("ffmpeg"):
        return Path(system)
    import imageio_ffmpeg

    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise FfmpegFailed("No ffmpeg on this machine: install it, or set FFMPEG to its path", []) from error


def run_ffmpeg(
    arguments: Sequence[str | Path],
    *,
    timeout_s: float,
    memory_bytes: int = MEMORY_BYTES,
    on_progress: Callable[[float], None] | None = None,
    stalled_s: float = STALLED_S,
    folder: Path | None = None,
) -> str:
    """Run ffmpeg and return what it wrote to its error stream (where filters such as ebur128 report).

    `arguments` come after the program's name; it overwrites files and never reads standard input; `folder` is
    where it runs.
    `on_progress` is called with the seconds of output done so far; with it, a run that does nothing more for
    `stalled_s` seconds is ended too (its threads can wait for each other). It dies with the process that called it.

    Raises:
        FfmpegFailed: it ended with an error, was killed, stood still, or did not end within `timeout_s` seconds.
    """
    program = find_ffmpeg()
    progress = ["-progress", "pipe:1", "-stats_period", "0.5"] if on_progress else []
    command = [str(program), "-nostdin", "-hide_banner", "-nostats", "-y", *progress, *map(str, arguments)]
    limits = Limits(memory_bytes=memory_bytes, cpus=settings.FFMPEG_CPUS)
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            preexec_fn=confine(limits),  # noqa: PLW1509 - it only makes system calls
        ) as process:
            watch = _Watch(process, timeout_s=timeout_s, stalled_s=stalled_s if on_progress else None)
            try:
                _report(process, on_progress, watch)
                process.wait()
            except BaseException:
                process.kill()
                raise
            finally:
                watch.end()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    if process.returncode:
        lines = [line for line in said.splitlines() if line.strip()][-LAST_LINES:]
        if watch.reason and process.returncode < 0:
            raise FfmpegFailed(watch.reason, lines)
        raise FfmpegFailed(f"ffmpeg ended with status {process.returncode}", lines)
    return said


class _Watch:
    """Kills a process that takes too long, or that tells of no progress for too long."""

    def __init__(
        self, process: subprocess.Popen[bytes], *, timeout_s: float, stalled_s: float | None
    ) -> None:
        self.process, self.stalled_s = process, stalled_s
        self.reason = ""
        self.ends_at = time.monotonic() + timeout_s
        self.late = f"ffmpeg did not end within {timeout_s:.0f} s"
        self.moved_at = time.monotonic()
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def moved(self) -> None:
        """Note a sign of progress."""
        self.moved_at = time.monotonic()

    def end(self) -> None:
        """Look no longer."""
        self.is_over.set()
        self.thread.join()

    def _look(self) -> None:
        while True:
            now = time.monotonic()
            stalls_at = self.ends_at if self.stalled_s is None else self.moved_at + self.stalled_s
            if now >= min(self.ends_at, stalls_at):
                self.reason = (
                    self.late if now >= self.ends_at else f"ffmpeg stood still for {self.stalled_s:.0f} s"
                )
                self.process.kill()
                return
            if self.is_over.wait(min(self.ends_at, stalls_at) - now):
                return


def _report(
    process: subprocess.Popen[bytes], on_progress: Callable[[float], None] | None, watch: _Watch
) -> None:
    """Read the lines of `-progress` until the end; `out_time_us` is the output's length so far.

    A change in any of them is progress: frames and sizes grow where no time is known yet.
    """
    told: dict[str, str] = {}
    for line in process.stdout or ():
        name, _, value = line.decode("ascii", "replace").strip().partition("=")
        if name in MOVING and told.get(name) != value:
            told[name] = value
            watch.moved()
        if on_progress and name == "out_time_us" and value.isdigit():
            on_progress(int(value) / 1_000_000)
