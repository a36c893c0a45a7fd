"""The embedded PostgreSQL and Valkey keep what they have acknowledged, and name what is wrong."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.postgres import Postgres
from mediaplatform.infrastructure.embedded.processes import Child, EmbeddedProblem
from mediaplatform.infrastructure.embedded.valkey import Valkey

Started = list[Child]


@pytest.fixture
def started() -> Iterator[Started]:
    """Servers to stop at the end of the test."""
    children: Started = []
    yield children
    processes.stop(children)


@pytest.fixture
def postgres(private_folder: Path, request: pytest.FixtureRequest) -> Postgres:
    """A cluster of its own; its folder is short, since a socket is in it, and open to PostgreSQL's user."""
    folder = private_folder / str(abs(hash(request.node.nodeid)) % 10**8)
    return Postgres(data=folder / "data", sockets=folder / "run", logs=folder)


def test_a_commit_survives_the_death_of_the_server(postgres: Postgres, started: Started) -> None:
    child = postgres.start()
    postgres.create_database("shop")
    with psycopg.connect(postgres.address("shop")) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 7 AS amount")
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()
    started.append(postgres.start())
    with psycopg.connect(postgres.address("shop")) as connection:
        assert connection.execute("SELECT amount FROM sales").fetchone() == (7,)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where a process works")
def test_a_backend_that_outlives_its_server_does_not_keep_the_next_one_from_starting(
    postgres: Postgres, started: Started
) -> None:
    child = postgres.start()
    with psycopg.connect(postgres.address("postgres")) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # as one that is deep in a write, and does not look up
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        assert Path(f"/proc/{backend}").exists()
        started.append(postgres.start())
    assert postgres.answers()


def test_a_database_is_made_once(postgres: Postgres, started: Started) -> None:
    started.append(postgres.start())
    assert postgres.create_database("shop")
    assert not postgres.create_database("shop")


def test_an_unfinished_cluster_is_begun_again(postgres: Postgres, started: Started) -> None:
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("18")
    (postgres.data / "base").mkdir()
    started.append(postgres.start())
    assert postgres.answers()


def test_data_of_another_version_are_left_alone(postgres: Postgres) -> None:
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("11\n")
    (postgres.data / "initialised").touch()
    with pytest.raises(
        EmbeddedProblem, match=r"was written by PostgreSQL 11, and here is \d+: install that version"
    ):
        postgres.start()


def test_letters_with_accents_are_letters(postgres: Postgres, started: Started) -> None:
    started.append(postgres.start())
    with psycopg.connect(postgres.address("postgres")) as connection:
        assert connection.execute("SELECT lower('ÉTÉ'), 'é' ~ '[[:alpha:]]'").fetchone() == ("été", True)


def test_an_acknowledged_write_survives_the_death_of_valkey(tmp_path: Path, started: Started) -> None:
    valkey = Valkey(data=tmp_path / "data", place=tmp_path / "run" / "v.sock", logs=tmp_path)
    child = valkey.start()
    with redis.Redis.from_url(valkey.address()) as client:
        client.rpush("queue", "task")
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()
    started.append(valkey.start())
    with redis.Redis.from_url(valkey.address()) as client:
        assert client.lrange("queue", 0, -1) == [b"task"]
