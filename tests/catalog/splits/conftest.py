"""Everything is said in the source's own words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English, whatever the machine does."""
    with translation.override("en"):
        yield
