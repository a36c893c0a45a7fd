"""Ends a command with its own status, whatever native threads do while the process goes.

Threads of Arrow's pools that still run when the destructors of C++ are called abort the process: a command that has
done all its work ends with status 134 (apache/arrow issues 34314 and 39862, open in November 2026).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Iterator

INTERRUPTED = 130  # as a shell says of SIGINT


@contextlib.contextmanager
def ended_by_python() -> Iterator[None]:
    """End the process right after Python's own handlers, with the status that the block leaves by.

    To be entered before anything registers with `atexit`, since what is registered first is called last.
    """
    status = 1

    def leave() -> None:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(status)

    atexit.register(leave)
    try:
        yield
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    except KeyboardInterrupt:
        status = INTERRUPTED
        raise
