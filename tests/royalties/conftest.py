"""An object store of its own for each test that closes a month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(autouse=True)
def own_store(settings: Settings, tmp_path: Path) -> None:
    """Give each test an object store of its own."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Say everything in the source's own words."""
    with translation.override("en"):
        yield
