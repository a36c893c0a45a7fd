"""A command's status is its own, whatever native code does while the process goes."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import atexit, ctypes, sys, threading, time
from mediaplatform.infrastructure.ending import ended_by_python
libc = ctypes.CDLL(None)
libc.on_exit(libc.abort, None)  # as a destructor of C++ may
with ended_by_python():
    atexit.register(print, "handled")
    threading.Thread(target=lambda: (time.sleep(0.2), print("joined"))).start()
    {end}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="on_exit is of the GNU library")
@pytest.mark.parametrize(
    ("end", "status", "said"),
    [
        ("pass", 0, ""),
        ("sys.exit(2)", 2, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit('no such file')", 1, "no such file"),
        ("raise ValueError('bad')", 1, "ValueError: bad"),
        ("raise KeyboardInterrupt", 130, "KeyboardInterrupt"),
    ],
)
def test_a_command_ends_with_its_own_status(end: str, status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(end=end)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (status, "joined\nhandled\n")
    assert said in done.stderr
