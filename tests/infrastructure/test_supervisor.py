"""The supervisor, with small programs in the place of ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.processes import Child, Command, EmbeddedProblem
from mediaplatform.infrastructure.embedded.supervisor import Part, StopRequested, Supervisor

PROJECT = Path(__file__).resolve().parents[2]
SLEEPER = "import time; time.sleep(600)"
# Writes its name to the file when it is told to stop.
TELLER = """
import signal, sys, time, pathlib
def tell(*_):
    with open(sys.argv[2], "a") as file: file.write(sys.argv[1] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, tell)
pathlib.Path(sys.argv[3]).touch()
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""
PARENT = "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that is dead but unburied does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def until(condition: object, patience_s: float = 60.0) -> None:
    limit = time.monotonic() + patience_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def command(name: str, program: str, *arguments: str, patience_s: float = 30.0) -> Command:
    return Command(
        name=name,
        arguments=[sys.executable, "-c", program, *arguments],
        environment=dict(os.environ),
        stop=((signal.SIGTERM, patience_s),),
    )


def part(name: str, program: str, log: Path, *arguments: str, stage: int = 0) -> Part:
    return Part(
        name, stage, lambda: processes.start(command(name, program, *arguments), log=log / f"{name}.log")
    )


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with Supervisor(say=said.append) as found:
        yield found
    for number, handler in handlers.items():
        signal.signal(number, handler)


def only_child(supervisor: Supervisor) -> Child:
    return supervisor.running[0][1]


def test_a_killed_part_is_named_and_started_again(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.start(part("sleeper", SLEEPER, tmp_path))
    first = only_child(supervisor)
    first.process.kill()
    until(lambda: not first.is_running)
    supervisor.check()
    assert only_child(supervisor).is_running
    assert only_child(supervisor) is not first
    log = tmp_path / "sleeper.log"
    assert said == [
        f"sleeper was killed by SIGKILL (its log: {log}). Starting it again.",
        "sleeper runs again.",
    ]


def test_a_part_that_always_ends_stops_everything(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(part("broken", "raise SystemExit(3)", tmp_path))
    with pytest.raises(EmbeddedProblem, match=r"broken stopped with status 3 .*again and again"):
        supervisor.watch()


def test_a_signal_ends_the_watch(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(part("sleeper", SLEEPER, tmp_path))
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGHUP))
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    with pytest.raises(StopRequested, match="SIGHUP"):
        supervisor.watch()


def test_the_last_stage_stops_first(supervisor: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    for number, name in enumerate(["database", "web"]):
        supervisor.start(
            part(name, TELLER, tmp_path, name, str(order), str(tmp_path / f"{name}.up"), stage=number)
        )
        until((tmp_path / f"{name}.up").exists)
    supervisor.stop()
    assert order.read_text().split() == ["web", "database"]


def test_one_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    child = processes.start(command("stubborn", STUBBORN, patience_s=0.3), log=tmp_path / "log")
    until(lambda: "deaf" in (tmp_path / "log").read_text())
    processes.stop([child])
    assert child.describe_end() == "was killed by SIGKILL"


def test_what_a_part_has_started_goes_with_it(tmp_path: Path) -> None:
    child = processes.start(command("parent", PARENT), log=tmp_path / "log")
    until(lambda: (tmp_path / "log").read_text().endswith("\n"))
    grandchild = int((tmp_path / "log").read_text())
    assert is_alive(grandchild)
    processes.stop([child])
    until(lambda: not is_alive(grandchild))


# Holds a port in a child, as granian's master does; a second one would find it taken.
MASTER = """
import os, socket, sys, time
if os.fork() == 0:
    with socket.socket() as port:
        port.bind(("127.0.0.1", int(sys.argv[1])))
        port.listen()
        print("listens", os.getpid(), flush=True)
        time.sleep(600)
time.sleep(600)
"""


def test_what_a_killed_part_had_started_is_ended_before_it_starts_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    (port,), log = processes.free_ports(1), tmp_path / "master.log"
    supervisor.start(part("master", MASTER, tmp_path, str(port)))
    until(lambda: log.read_text().count("listens") == 1)
    worker = int(log.read_text().split()[1])
    only_child(supervisor).process.kill()  # the master alone
    until(lambda: not only_child(supervisor).is_running)
    assert is_alive(worker)
    supervisor.check()
    assert not is_alive(worker)
    until(lambda: log.read_text().count("listens") == 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys, time\n"
        "from mediaplatform.infrastructure.embedded.processes import Command, start\n"
        "command = Command('sleeper', ['sleep', '600'], dict(os.environ))\n"
        "child = start(command, log=pathlib.Path(sys.argv[1]))\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "log")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    until(lambda: not is_alive(pid))


def test_a_program_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    missing = Command(name="web", arguments=["/nowhere/web"], environment={})
    with pytest.raises(
        EmbeddedProblem, match="web can't be started: /nowhere/web: No such file or directory"
    ):
        processes.start(missing, log=tmp_path / "log")


def test_a_server_that_ends_before_it_answers_is_quoted(tmp_path: Path) -> None:
    program = "print('FATAL: no room'); raise SystemExit(1)"
    child = processes.start(command("server", program), log=tmp_path / "log")
    with pytest.raises(EmbeddedProblem, match="server stopped with status 1: FATAL: no room"):
        processes.wait_until(lambda: False, child=child, patience_s=10)


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_server_that_does_not_get_ready_leaves_nothing_behind(tmp_path: Path, is_killed: bool) -> None:
    (port,), log = processes.free_ports(1), tmp_path / "log"
    child = processes.start(command("master", MASTER, str(port)), log=log)
    until(lambda: log.exists() and "listens" in log.read_text())
    worker = int(log.read_text().split()[1])
    if is_killed:
        child.process.kill()
        child.process.wait()
    assert is_alive(worker)
    with pytest.raises(EmbeddedProblem, match="was killed by SIGKILL" if is_killed else "did not answer"):
        processes.wait_until(lambda: False, child=child, patience_s=0.2)
    until(lambda: not is_alive(worker))
    assert not child.is_running
