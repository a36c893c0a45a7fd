"""Several processes as one: started in order, watched, started again, stopped in reverse."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.processes import Child, EmbeddedProblem

WATCH_S = 0.25
RETRY_S = 1.0
MAX_RESTARTS = 3  # of one part within the window; more means that it can't run
RESTART_WINDOW_S = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal asks us to stop; not an Exception, so that no handler takes it for an error."""


@dataclass(frozen=True, slots=True)
class Part:
    """A process to keep running: `start` returns when it is ready; parts of one stage stop together."""

    name: str
    stage: int
    start: Callable[[], Child]


@dataclass(slots=True)
class Supervisor:
    """Keeps parts running; `say` gets one line for the person at the console.

    As a context manager it stops whatever it has started, whichever way the block ends.
    """

    say: Callable[[str], None]
    running: list[tuple[Part, Child]] = field(default_factory=list)
    restarts: dict[str, list[float]] = field(default_factory=dict)

    def __enter__(self) -> Supervisor:
        for number in STOP_SIGNALS:
            signal.signal(number, _request_stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # we are stopping already
        self.stop()

    def start(self, part: Part) -> None:
        """Start a part and wait until it is ready.

        Raises:
            EmbeddedProblem: it does not get ready.
        """
        self.running.append((part, part.start()))

    def watch(self) -> None:
        """Start again what stops by itself, until a signal comes.

        Raises:
            StopRequested: a signal came.
            EmbeddedProblem: a part stops again and again.
        """
        while True:
            self.check()
            time.sleep(WATCH_S)

    def check(self) -> None:
        """Look once at every part, and start again those that have stopped.

        Raises:
            EmbeddedProblem: a part stops again and again.
        """
        for position, (part, child) in enumerate(self.running):
            if not child.is_running:
                self.running[position] = (part, self._restart(part, child))

    def stop(self) -> None:
        """Stop the parts stage by stage, the last stage first."""
        for stage in sorted({part.stage for part, _ in self.running}, reverse=True):
            processes.stop([child for part, child in self.running if part.stage == stage])
        self.running.clear()

    def _restart(self, part: Part, child: Child) -> Child:
        processes.end_group(child)
        reason = f"{part.name} {child.describe_end()} (its log: {child.log})"
        while True:
            self._count_restart(part, reason)
            self.say(f"{reason}. Starting it again.")
            try:
                child = part.start()
            except EmbeddedProblem as problem:
                reason = str(problem)
                time.sleep(RETRY_S)
            else:
                self.say(f"{part.name} runs again.")
                return child

    def _count_restart(self, part: Part, reason: str) -> None:
        now = time.monotonic()
        recent = [moment for moment in self.restarts.get(part.name, ()) if moment > now - RESTART_WINDOW_S]
        self.restarts[part.name] = [*recent, now]
        if len(recent) >= MAX_RESTARTS:
            raise EmbeddedProblem(f"{reason}, again and again, so everything is stopped.")


def _request_stop(number: int, _: FrameType | None) -> None:
    raise StopRequested(signal.Signals(number).name)
