"""A pytest plugin, loaded before Django reads its settings: private servers for this run of the tests.

The first process starts PostgreSQL and Valkey; xdist's workers find them in the environment they inherit.
Each worker has a database (made by pytest-django), a Valkey database and folders of its own.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.postgres import Postgres
from mediaplatform.infrastructure.embedded.valkey import Valkey
from mediaplatform.infrastructure.messages import compile_messages

FOLDER = "MEDIAPLATFORM_TEST_FOLDER"
VALKEY_PORT = "MEDIAPLATFORM_TEST_VALKEY_PORT"


def private_postgres() -> Postgres:
    """Return the PostgreSQL of this run."""
    folder = Path(os.environ[FOLDER])
    return Postgres(
        data=folder / "postgres", sockets=folder / "sockets", logs=folder / "log", is_throwaway=True
    )


def private_valkey() -> Valkey:
    """Return the Valkey of this run."""
    folder = Path(os.environ[FOLDER])
    port = int(os.environ[VALKEY_PORT])
    return Valkey(data=folder / "valkey", place=port, logs=folder / "log", is_throwaway=True)


def worker_number() -> int:
    """Return 0 without xdist, else 1 for gw0, 2 for gw1 and so on."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the servers and name them in the environment before pytest-django imports the settings."""
    if FOLDER not in os.environ:
        compile_messages()
        folder = Path(tempfile.mkdtemp(prefix="mediaplatform-tests-"))
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and must get in
        early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ[FOLDER] = str(folder)
        os.environ[VALKEY_PORT] = str(processes.free_ports(1)[0])
        for server in (private_postgres(), private_valkey()):
            child = server.start()
            early_config.add_cleanup(functools.partial(processes.stop, [child]))
    number = worker_number()
    mine = Path(os.environ[FOLDER]) / f"worker-{number}"
    (mine / "var" / "static").mkdir(parents=True)  # WhiteNoise warns of a missing folder
    os.environ["VAR_DIR"] = str(mine / "var")
    os.environ["OBJECT_STORE_URL"] = f"file://{mine}/objects"
    os.environ["DATABASE_URL"] = private_postgres().address("mediaplatform")
    os.environ["REDIS_URL"] = private_valkey().address(number)
    yield
