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
PATIENCE_S = 90.0
COMMAND = [sys.executable, "-m", "mediaplatform.infrastructure.embedded", "run"]


class Running:
    """A `make run` under test, its console and all its processes."""

    def __init__(self, var: Path, port: int) -> None:
        self.port = port
        self.var = var
        self.console = var / "console"
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
        self.process.wait(timeout=60)
        left: list[psutil.Process] = psutil.wait_procs(family, timeout=10)[1]
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


def test_ctrl_c_stops_everything(running: Running) -> None:
    running.wait_for("Ready after")
    assert answers(f"http://localhost:{running.port}/healthz")
    assert answers(f"http://127.0.0.1:{running.port + 1}/healthz")
    assert running.stop(signal.SIGINT) == []
    assert running.process.returncode == 0
    assert running.said().endswith("Stopped.\n")


def test_nothing_is_left_after_a_kill(running: Running) -> None:
    running.wait_for("Ready after")
    assert running.stop(signal.SIGKILL) == []


def test_a_second_start_is_quick_and_keeps_the_secrets(running: Running) -> None:
    running.wait_for("Ready after")
    secrets = (running.var / "secrets.json").read_bytes()
    running.stop()
    begun = time.monotonic()
    again = Running(running.var, running.port)
    again.wait_for("Ready after")
    seconds = time.monotonic() - begun
    again.stop()
    assert (running.var / "secrets.json").read_bytes() == secrets
    assert seconds < 60  # alone it takes 8; it must not load the demonstration again


def test_killed_servers_are_named_and_run_again(running: Running) -> None:
    running.wait_for("Ready after")
    for name, words in {"PostgreSQL": "bin/postgres", "Valkey": "valkey-server", "web": "granian"}.items():
        running.find(words).kill()
        running.wait_for(f"{name} was killed by SIGKILL (its log: {running.var}/log/")
        running.wait_for(f"{name} runs again.")
    limit = time.monotonic() + PATIENCE_S
    while not answers(f"http://localhost:{running.port}/accounts/login/"):
        assert time.monotonic() < limit, running.said()
        time.sleep(0.2)


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


def test_a_second_run_in_the_same_folder_names_the_first(running: Running) -> None:
    running.wait_for("Starting PostgreSQL")
    second = Running(running.var, running.port)  # its console replaces the first one's
    assert second.process.wait(timeout=30) == 1
    assert (
        f"It is running already (process {running.process.pid}): stop that one with Ctrl-C" in second.said()
    )


def test_a_taken_port_is_one_line(var: Path) -> None:
    port = processes.free_ports(2)[0]
    with socket.create_server(("127.0.0.1", port)):
        refused = Running(var, port)
        assert refused.process.wait(timeout=30) == 1
    assert refused.said() == (
        f"Port {port}, which the pages need, is taken by another program: "
        f"choose another one, for example make run PORT={port + 100}\n"
    )
