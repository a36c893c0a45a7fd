"""No log line holds a token, whoever writes it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings

from catalog.streaming.logs import HideTokens


def write(message: str, *values: object) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, values, None)
    assert HideTokens().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("message", "values", "written"),
    [
        (
            "%s: %s",
            ("Service Unavailable", "/m/1.k1.abc.def/heartbeat"),
            "Service Unavailable: /m/…/heartbeat",
        ),
        ("%s: %s", ("Unauthorized", "/m/1.k1.abc.def/h240/seg_1.m4s"), "Unauthorized: /m/…/h240/seg_1.m4s"),
        ("took 5 %", (), "took 5 %"),
    ],
)
def test_a_token_is_left_out(message: str, values: tuple[object, ...], written: str) -> None:
    assert write(message, *values) == written


def test_all_that_is_logged_goes_through_it() -> None:
    logged: dict[str, Any] = settings.LOGGING
    assert logged["root"]["handlers"] == ["console"]
    assert logged["handlers"]["console"]["filters"] == ["tokens"]
