"""What searching a large catalogue costs: `make bench-search ARGS="--releases 1000000 --data FOLDER"`.

Releases, five resources each, go by COPY into a private PostgreSQL that stays in --folder for the next run. Each
kind of question is asked --times times, warm, by three audiences in turn: an adult, a child of six, a library that
lends books alone. `search` is the whole answer: ranking, counts of seven facets, 60 cards. Ratios are to a bare
SELECT by primary key; a plain trigram scan of the titles stands beside, in the same run. Packages are left out.

The clock tells what a reader waits for when nothing else runs; CPU (ours and the server process's) what a search costs,
whatever else runs.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.postgres import Postgres

TIMES, SLOW_TIMES = 60, 3
SETTINGS = (
    "shared_buffers=512MB",
    "work_mem=32MB",
    "max_wal_size=8GB",
    "random_page_cost=1.1",
    "jit=off",
    "max_parallel_workers_per_gather=0",
)
Question = Callable[[], object]


def main(options: list[str] | None = None) -> None:
    """Make the catalogue unless it is there, then ask."""
    parser = argparse.ArgumentParser(prog="bench search", description=__doc__)
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--tracks", type=int, default=5, help="resources a release")
    parser.add_argument("--data", type=Path, help="folder of the data sets whose words are used")
    parser.add_argument("--folder", type=Path, help="where the database is kept; none: thrown away")
    parser.add_argument("--times", type=int, default=TIMES, help="questions of each kind")
    parser.add_argument("--explain", action="store_true", help="print the plans of what is asked")
    chosen = parser.parse_args(options)
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="bench-search-"))
    folder = folder.resolve() / str(chosen.releases)
    folder.mkdir(parents=True, exist_ok=True)
    for step in (folder, *folder.parents):
        if step.name.startswith("bench-search-"):
            step.chmod(0o755)
    server = Postgres(data=folder / "postgres", sockets=folder / "sockets", logs=folder / "log")
    child = server.start()
    try:
        for option in SETTINGS:
            _configure(server, option)
        processes.stop([child])
        child = server.start()
        os.environ["DATABASE_URL"] = server.address("catalogue")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaplatform.settings.test")
        server.create_database("catalogue")
        django.setup()
        _measure(chosen, written=folder / "written")
    finally:
        processes.stop([child])


def _configure(server: Postgres, option: str) -> None:
    import psycopg

    name, value = option.split("=")
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")


def _measure(chosen: argparse.Namespace, *, written: Path) -> None:
    from django.core.management import call_command

    from bench.catalogue_data import read_vocabulary

    words = read_vocabulary(chosen.data)
    call_command("migrate", verbosity=0)
    if not written.exists():
        _write(chosen, words)
        written.touch()
    _print_sizes()
    from bench.search_questions import make_questions

    floor = _floor()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the questions")
    print(f"{'question':34} {'p50 ms':>8} {'p95 ms':>8} {'CPU p50':>8} {'CPU p95':>8} {'x SELECT':>9}")
    for name, question in floor.items():
        times = SLOW_TIMES if "scan" in name else TIMES
        print(_line(name, _cost([question] * times), base=None))
    base = statistics.median(cost.cpu_s for cost in _cost([floor["SELECT by primary key"]] * TIMES))
    every: dict[str, list[Cost]] = {}
    for (kind, name), questions in make_questions(words, random.Random(7), times=chosen.times).items():
        costs = _cost(questions)
        every.setdefault(kind, []).extend(costs)
        print(_line(f"{kind}: {name}", costs, base=base), flush=True)
    for kind, costs in every.items():
        print(_line(f"{kind}: all", costs, base=base))
    if chosen.explain:
        _explain(make_questions(words, random.Random(7), times=3))


def _write(chosen: argparse.Namespace, words: object) -> None:
    from bench.catalogue_data import Vocabulary, write_catalogue
    from catalog.works.search import indexing

    assert isinstance(words, Vocabulary)
    begun = time.perf_counter()
    write_catalogue(words, releases=chosen.releases, tracks=chosen.tracks)
    print(f"written by COPY in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    for _done in indexing.index_everything():
        pass
    seconds = time.perf_counter() - begun
    print(f"indexed in {seconds:.0f} s: {chosen.releases / seconds:,.0f} releases a second")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _print_sizes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name in (
            "catalog_release",
            "catalog_resource",
            "catalog_searchdocument",
            "search_document",
            "search_document_newest",
            "search_document_title",
            "catalog_searchterm",
            "search_word_alike",
        ):
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
            print(f"{name:34} {cursor.fetchone()[0] / 2**20:8,.0f} MiB")


def _floor() -> dict[str, Question]:
    from django.db import connection

    chance = random.Random(3)

    def ask(sql: str, parameters: Sequence[object]) -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM catalog_release")
        most = cursor.fetchone()[0]
    scan = "SELECT id FROM catalog_release WHERE title %%> %s ORDER BY title <->> %s LIMIT 60"
    return {
        "SELECT by primary key": lambda: ask(
            "SELECT * FROM catalog_release WHERE id = %s", [chance.randint(1, most)]
        ),
        "plain trigram scan": lambda: ask(scan, ["jardin", "jardin"]),
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """What one question took: by the clock, and of the processors, ours and PostgreSQL's."""

    seconds: float
    cpu_s: float


def _cost(questions: Sequence[Question]) -> list[Cost]:
    """Ask some to warm up, then all with a watch."""
    from django.db import connection

    for question in questions[:10]:
        question()
    gc.collect()
    gc.freeze()  # as in mediaplatform.wsgi
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def on_processor() -> float:
        there = int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0.0
        return time.process_time() + there

    costs = []
    for question in questions:
        begun, cpu = time.perf_counter(), on_processor()
        question()
        costs.append(Cost(time.perf_counter() - begun, on_processor() - cpu))
    return costs


def _line(name: str, costs: Sequence[Cost], *, base: float | None) -> str:
    wall, cpu = [cost.seconds for cost in costs], [cost.cpu_s for cost in costs]
    ratio = f"{statistics.median(cpu) / base:9,.0f}" if base else ""
    figures = [statistics.median(wall), _p95(wall), statistics.median(cpu), _p95(cpu)]
    return f"{name:34} " + " ".join(f"{1000 * one:8.2f}" for one in figures) + f" {ratio}"


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def _explain(questions: dict[tuple[str, str], list[Question]]) -> None:
    """Print every query's plan of the first question of each kind."""
    from django.db import connection

    for (kind, name), asked in questions.items():
        statements: list[tuple[float, str]] = []

        def watch(execute, sql, params, many, context, *, to=statements):  # type: ignore[no-untyped-def]
            begun = time.perf_counter()
            result = execute(sql, params, many, context)
            seconds = time.perf_counter() - begun
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + sql, params)
                plan = "\n".join(row[0] for row in cursor.fetchall())
            to.append((seconds, f"{sql[:1500]}\n{params!r:.300}\n{plan}"))
            return result

        with connection.execute_wrapper(watch):
            asked[0]()
        print(f"\n===== {kind}: {name}")
        for seconds, plan in sorted(statements, reverse=True)[:2]:
            print(f"--- {seconds * 1000:.1f} ms\n{plan}")
