"""One statement on the disk when the call returns, whatever became of the connection."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from mediaplatform.infrastructure.db import write_durably
from tests import servers

CREATE = "CREATE TABLE IF NOT EXISTS written (id int PRIMARY KEY)"
WRITE = "INSERT INTO written VALUES (%s) ON CONFLICT DO NOTHING"


def others_see(number: int) -> bool:
    """Look from another connection, which sees only what is committed."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(servers.private_postgres().address(name)) as other:
        return other.execute("SELECT 1 FROM written WHERE id = %s", [number]).fetchone() is not None


def end_connection() -> None:
    """End the connection of this test from another one, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    with psycopg.connect(servers.private_postgres().address("postgres"), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.fixture
def table(transactional_db: None) -> None:
    """Have a table to write into; the database is thrown away with the run."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS written")
        cursor.execute(CREATE)


@pytest.mark.usefixtures("table")
def test_what_was_written_is_committed_when_the_call_returns() -> None:
    write_durably(WRITE, [1])
    assert others_see(1)


@pytest.mark.usefixtures("table")
def test_a_dead_connection_is_opened_anew() -> None:
    write_durably(WRITE, [1])
    end_connection()
    write_durably(WRITE, [2])
    assert others_see(2)


@pytest.mark.usefixtures("table")
def test_within_a_transaction_nothing_is_written_durably() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="outside of any transaction"):
        write_durably(WRITE, [3])
    assert not others_see(3)


@pytest.mark.usefixtures("table")
def test_while_the_server_is_away_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        with pytest.raises(OperationalError):
            write_durably(WRITE, [4])


@pytest.mark.django_db
def test_the_buffer_is_a_permanent_table_and_commits_wait_for_the_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'catalog_heartbeat'")
        assert cursor.fetchone() == ("p",)
        cursor.execute("SELECT boot_val FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone() == ("on",)
