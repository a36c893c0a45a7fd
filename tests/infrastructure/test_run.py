"""`make run` as a stranger runs it, but empty: real servers and workers in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.run import PROJECT, answers, speaks

pytestmark = pytest.mark.slow
PATIENCE_S = 300.0  # a busy machine starts slowly
COMMAND = [sys.executable, "-m", "mediaplatform.infrastructure.embedded", "run"]


class Running:
    """A `make run` under test, its console and all its processes."""

    def __init__(self, var: Path, port: int, *, console: str = "console") -> None:
        self.port = port
        self.var = var
        self.console = var / console
        environment = {**os.environ, "VAR_DIR": str(var), "PORT": str(port), "DEMO": "0"}
        with self.console.open("wb") as output:
            self.process = subprocess.Popen(
                COMMAND,
                cwd=PROJECT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.console.read_text("utf-8")

    def wait_for(self, words: str) -> None:
        """Wait until the console shows the words."""
        limit = time.monotonic() + PATIENCE_S
        while words not in self.said():
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < limit, f"{words!r} was not said:\n{self.said()}"
            time.sleep(0.1)

    def find(self, words: str) -> psutil.Process:
        """Return the process that it has started whose command line holds the words."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if words in " ".join(child.cmdline()))

    def stop(self, number: signal.Signals = signal.SIGINT) -> list[psutil.Process]:
        """Send a signal, wait for the end, and return those processes of ours that still run."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE_S)
        left: list[psutil.Process] = psutil.wait_procs(family, timeout=30)[1]
        return left


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter even when the tests run as root, which `tmp_path` is not."""
    with tempfile.TemporaryDirectory(prefix="mediaplatform-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def running(var: Path) -> Iterator[Running]:
    found = Running(var, processes.free_ports(2)[0])
    yield found
    if found.process.poll() is None:
        found.stop()


def test_it_runs_alone_heals_what_is_killed_and_stops_at_ctrl_c(running: Running) -> None:
    running.wait_for("Ready after")
    assert answers(f"http://localhost:{running.port}/healthz")
    assert answers(f"http://127.0.0.1:{running.port + 1}/healthz")
    refuse_a_second_run(running)
    for name, words in {"PostgreSQL": "bin/postgres", "Valkey": "valkey-server", "web": "granian"}.items():
        running.find(words).kill()
        running.wait_for(f"{name} was killed by SIGKILL (its log: {running.var}/log/")
        running.wait_for(f"{name} runs again.")
    wait_until_it_answers(running)
    assert running.stop(signal.SIGINT) == []
    assert running.process.returncode == 0
    assert running.said().endswith("Stopped.\n")
    start_again(running)


def refuse_a_second_run(running: Running) -> None:
    """Start another one in the same folder: it names the first, and ends."""
    second = Running(running.var, running.port, console="second")
    assert second.process.wait(timeout=PATIENCE_S) == 1
    assert (
        f"It is running already (process {running.process.pid}): stop that one with Ctrl-C" in second.said()
    )


def wait_until_it_answers(running: Running) -> None:
    """Wait until a page that reads the database is shown."""
    limit = time.monotonic() + PATIENCE_S
    while not answers(f"http://localhost:{running.port}/accounts/login/"):
        assert time.monotonic() < limit, running.said()
        time.sleep(0.2)


def start_again(running: Running) -> None:
    """Start in a folder that has been run in: nothing is made anew, and a kill leaves nothing behind."""
    kept = [running.var / "secrets.json", running.var / "postgres" / "initialised"]
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in kept]
    again = Running(running.var, running.port, console="again")
    try:
        again.wait_for("Ready after")
        assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in kept] == before
        assert again.stop(signal.SIGKILL) == []
    finally:
        if again.process.poll() is None:
            again.stop()


@pytest.mark.parametrize(("status", "is_well"), [(200, True), (404, True), (503, False)])
def test_a_web_server_without_its_database_speaks_and_is_not_well(status: int, is_well: bool) -> None:
    class Ill(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status) if status != 200 else self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ill) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/healthz"
        assert (speaks(address), answers(address)) == (True, is_well)
        server.shutdown()
    assert not speaks(address)


def test_a_taken_port_is_one_line(var: Path) -> None:
    port = processes.free_ports(2)[0]
    with socket.create_server(("127.0.0.1", port)):
        refused = Running(var, port)
        assert refused.process.wait(timeout=PATIENCE_S) == 1
    assert refused.said() == (
        f"Port {port}, which the pages need, is taken by another program: "
        f"choose another one, for example make run PORT={port + 100}\n"
    )
