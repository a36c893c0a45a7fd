"""Stretches of time: the same in Python and in the database, and together they leave no gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from catalog.works.search import spans

moments = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 27, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC)],
    ids=["a day", "the last microsecond"],
)
def test_the_database_writes_what_is_asked_for(moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_spans(%s)", [moment])
        assert cursor.fetchone() == (spans.spans_of(moment),)


@given(begin=moments, lasts=st.integers(0, 10 * 366 * 86_400), at=st.floats(0, 1))
def test_whatever_lies_between_is_covered(begin: datetime, lasts: int, at: float) -> None:
    end = begin + timedelta(seconds=lasts)
    keys = spans.covering(begin, end)
    assert set(spans.spans_of(begin + at * (end - begin))) & set(keys)
    assert len(keys) <= max(spans.MOST_KEYS, 1 + lasts // 2 ** spans.SHIFTS[-1] + 1)


@given(begin=moments, lasts=st.integers(0, 366 * 86_400))
def test_what_is_before_and_covered_lies_in_the_first_span(begin: datetime, lasts: int) -> None:
    keys = spans.covering(begin, begin + timedelta(seconds=lasts))
    covered = {key for shift in spans.SHIFTS for key in (int(begin.timestamp()) >> shift,)} & set(keys)
    assert covered == {keys[0]}
