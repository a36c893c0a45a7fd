"""A pytest plugin: which tests share a worker of xdist, and which begin first.

The tests of a file share what their module's fixtures start, so one worker runs them; those with an S3 server share
that. Journeys begin before all else: at the end, when one worker has nothing more to do, only short tests are left.
"""

from __future__ import annotations

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

S3 = re.compile(r"\[(.*-)?s3(_store)?(-.*)?\]$")


def unit_of(nodeid: str) -> str:
    """Return the name of what one worker runs whole, such as a file.

    >>> unit_of("tests/journeys/test_uploads.py::test_a_dropped_folder[s3]")
    's3'
    >>> unit_of("tests/kernel/test_money.py::test_a_sum[1-2]")
    'tests/kernel/test_money.py'
    """
    return "s3" if S3.search(nodeid) else nodeid.partition("::")[0]


def rank_of(item: pytest.Item) -> int:
    """Return when a test's turn is: the S3 server's platform, the other one, what is slow, and the rest."""
    if "live_stack" in getattr(item, "fixturenames", ()):
        return 0 if unit_of(item.nodeid) == "s3" else 1
    return 2 if item.get_closest_marker("slow") else 3


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first; the rest stays in its random order."""
    first: dict[str, int] = {}
    for item in items:
        unit = unit_of(item.nodeid)
        first[unit] = min(first.get(unit, 3), rank_of(item))
    items.sort(key=lambda item: first[unit_of(item.nodeid)])


class UnitScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Gives each worker one unit after the other, in their order."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> UnitScheduling | None:
    """Hand out units, unless another way is asked for on the command line."""
    return UnitScheduling(config, log) if config.getoption("dist") == "load" else None
