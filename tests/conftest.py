"""Fixtures that every part of the tests may use; the servers behind them start in tests/servers.py."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from tests import servers


@pytest.fixture(scope="session")
def private_folder() -> Path:
    """A folder of this run of the tests, thrown away at its end."""
    return Path(os.environ[servers.FOLDER]) / f"worker-{servers.worker_number()}"


@pytest.fixture(scope="session")
def s3_server(private_folder: Path) -> Iterator[Seaweed]:
    """A real S3 server with signatures enforced, started by the first test that asks for it."""
    server = Seaweed(data=private_folder / "s3", access_key=secrets.token_hex(8), secret_key=secrets.token_hex(16))
    child = server.start()
    os.environ["S3_ACCESS_KEY"], os.environ["S3_SECRET_KEY"] = server.access_key, server.secret_key
    yield server
    processes.stop([child])


@pytest.fixture
def s3_store(s3_server: Seaweed) -> objectstore.ObjectStore:
    """An empty bucket on the S3 server."""
    bucket = f"tests-{secrets.token_hex(6)}"
    store = objectstore.open_store(f"s3://{bucket}?endpoint={s3_server.endpoint}")
    store.prepare()
    return store


@pytest.fixture
def file_store(tmp_path: Path) -> objectstore.ObjectStore:
    """An empty folder as an object store."""
    store = objectstore.open_store(f"file://{tmp_path}/objects")
    store.prepare()
    return store
