"""`python -m mediaplatform.infrastructure.embedded run`, and `… manage COMMAND` for a command beside it."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.processes import EmbeddedProblem
from mediaplatform.infrastructure.embedded.run import PROJECT, run
from mediaplatform.infrastructure.embedded.supervisor import StopRequested

USAGE = "usage: python -m mediaplatform.infrastructure.embedded run | manage COMMAND [ARGUMENT …]"
PORTS = range(1024, 65535)  # the games take the next one


def main(arguments: list[str]) -> int:
    """Do what the command line says; the exit status is 0 after an orderly stop, else 1."""
    try:
        place = find_place()
        if arguments == ["run"]:
            run(place, say=say)
        elif arguments[:1] == ["manage"]:
            manage = [sys.executable, str(PROJECT / "manage.py"), *arguments[1:]]
            os.execve(sys.executable, manage, place.environment())  # noqa: S606 - no shell on purpose
        else:
            say(USAGE)
            return 1
    except StopRequested:
        say("Stopped.")
        return 0
    except EmbeddedProblem as problem:
        say(str(problem))
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        say(f"The disk of {error.filename or 'var/'} is full: make room and start again")
    return 1


def find_place() -> Place:
    """Return the place that VAR_DIR, PORT and DEMO name; by default `var/`, 8000 and with the demo.

    Raises:
        EmbeddedProblem: PORT is no usable number.
    """
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or int(port) not in PORTS:
        raise EmbeddedProblem(f"PORT is {port!r}: write a number from {PORTS[0]} to {PORTS[-1]}")
    var = Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve()
    return Place(var=var, port=int(port), has_demo=os.environ.get("DEMO") != "0")


def say(line: str) -> None:
    """Print one line for the person at the console."""
    print(line, flush=True)  # noqa: T201 - the console is where it is run from


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
