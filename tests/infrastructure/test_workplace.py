"""Folders to work in go with their worker, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from mediaplatform.infrastructure import workplace

WORKER = """
import time
from mediaplatform.infrastructure.workplace import open_workplace
with open_workplace(kind="film", name="7") as place:
    (place / "original").write_bytes(b"x" * 1000)
    print(place.parent, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def start_worker(place: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as said:
        folder = Path(said.readline().strip())
    grow_old(folder)
    return process, folder


def grow_old(folder: Path) -> None:
    past = time.time() - 2 * workplace.SETTLED_S
    os.utime(folder / workplace.LOCK, (past, past))


def test_a_folder_goes_with_its_block() -> None:
    with workplace.open_workplace(kind="film") as folder:
        assert list(folder.iterdir()) == []
    assert not folder.parent.exists()


def test_what_a_killed_worker_left_is_removed_by_the_next_and_what_is_held_stays(place: Path) -> None:
    dead, left = start_worker(place)
    alive, held = start_worker(place)
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    with workplace.open_workplace(kind="film"):
        assert (left.exists(), held.exists()) == (False, True)
    alive.kill()
    alive.wait()


def test_a_folder_just_made_and_folders_of_others_stay(place: Path) -> None:
    (place / "film-of-somebody").mkdir()
    made = place / "film-new"
    made.mkdir()
    (made / workplace.LOCK).touch()
    assert workplace.sweep(kind="film") == 0
    assert made.exists()
