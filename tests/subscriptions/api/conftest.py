"""Who plays."""

from __future__ import annotations

import pytest

from tests.subscriptions.access.people import Person, make_person


@pytest.fixture
def bob() -> Person:
    return make_person()
