"""May they? By the first rule that refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from subscriptions.access.policy import Decision, decide
from tests.factories.catalog import make_audience

BOB = make_audience(media=frozenset({"music"}))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"audience": None, "paid_until": None, "is_visible": False}, "no_patron"),
        ({"paid_until": None, "is_visible": False}, "no_subscription"),
        ({"is_visible": False, "medium": None}, "not_visible"),
        ({"medium": None}, "not_ready"),
        ({"medium": "game"}, "not_included"),
    ],
)
def test_the_first_rule_that_refuses_is_named(facts: dict[str, object], code: str) -> None:
    allowed = {"audience": BOB, "paid_until": date(2026, 12, 31), "is_visible": True, "medium": "music"}
    assert decide(**{**allowed, **facts}) == Decision(allowed=False, code=code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last_day", "until"),
    [
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (date(2026, 6, 30), datetime(2026, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_yes_holds_to_the_end_of_the_last_day_paid_for(last_day: date, until: datetime) -> None:
    decision = decide(audience=BOB, paid_until=last_day, is_visible=True, medium="music")
    assert decision == Decision(allowed=True, until=until)
