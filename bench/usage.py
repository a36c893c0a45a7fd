"""What it costs to keep what was heard: `make bench-usage`, or `python -m bench usage`.

buffer: heartbeats acknowledged durable, by each way of keeping them, in one run on servers of its own whose
files are on this disk. `per core` divides by all CPU that client and server spent, so that what else runs on
the machine changes it little; `/s` is by the clock. The floor is a bare COPY, the first line.
log: what it costs to make a day's object of heartbeats in memory, against a bare Parquet write of its plays.
layouts: what the calculation of a month costs with its plays in other orders and files.
"""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from pathlib import Path

from bench.layouts import measure_layouts
from bench.place import cpu_s, throwaway_place

CLIENTS, CORES = 16, 2


def main(options: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench usage", description=__doc__)
    parser.add_argument("--heartbeats", type=int, default=20_000, help="for each way of keeping them")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="players at once")
    parser.add_argument("--folder", type=Path, default=Path("var/bench-usage"), help="removed at the end")
    parser.add_argument("--plays", type=int, default=500_000, help="of the day that is compacted")
    parser.add_argument("--millions", type=int, default=10, help="of plays, in each layout of the log")
    parser.add_argument("--only", choices=["buffer", "log", "layouts"])
    chosen = parser.parse_args(options)
    if chosen.only in (None, "buffer"):
        measure_buffers(chosen.folder.resolve(), count=chosen.heartbeats, clients=chosen.clients)
    if chosen.only in (None, "log"):
        with throwaway_place(chosen.folder.resolve()) as (_place, children):
            playlog = import_module("bench.playlog")  # its models want Django to be set up
            playlog.measure_log(chosen.plays)
            playlog.measure_day(chosen.plays // 10, *(child.process.pid for child in children))
    if chosen.only in (None, "layouts"):
        measure_layouts(Path("var/bench"), millions=chosen.millions)


def measure_buffers(folder: Path, *, count: int, clients: int) -> None:
    """Print what each contender acknowledges, by the clock and by the core."""
    with throwaway_place(folder) as (place, children):
        from bench import buffers
        from mediaplatform.infrastructure.embedded import processes, run

        environment = place.environment() | {"LOG_LEVEL": "ERROR"}
        ports = [place.port, *processes.free_ports(CORES - 1)]
        web = [run.start_web(f"web{port}", port, environment, place.logs) for port in ports]
        servers = [child.process.pid for child in (*children, *web)]
        print(f"{'':46} {'/s':>8} {'per core':>9} {'x floor':>8}")
        floor = 0.0
        try:
            for name, act in buffers.contenders(address=place.valkey.address(), ports=ports, clients=clients):
                work = buffers.make_work(count)
                players_too = "web" not in name  # the players' own work is not the server's
                before, begun = cpu_s(*servers) + time.process_time() * players_too, time.monotonic()
                act(work)
                seconds = time.monotonic() - begun
                spent = cpu_s(*servers) + time.process_time() * players_too - before
                floor = floor or count / spent
                rates = f"{count / seconds:8,.0f} {count / spent:9,.0f} {floor * spent / count:8.1f}"
                print(f"{name:46} {rates}", flush=True)
        finally:
            processes.stop(web)
