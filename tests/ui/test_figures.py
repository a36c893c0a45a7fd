"""Amounts, durations and shares as they are read in French and in English."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format, get_format

from mediaplatform.kernel.money import Money
from mediaplatform.ui import figures

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("amount", "decimals", "french", "english"),
    [
        (23_015_000, 2, f"23,01{NBSP}€", "€23.01"),
        (23_015_000, 6, f"23,015000{NBSP}€", "€23.015000"),
        (23_019_999, 2, f"23,01{NBSP}€", "€23.01"),
        (0, 2, f"0,00{NBSP}€", "€0.00"),
        (-1_500_000, 2, f"{MINUS}1,50{NBSP}€", f"{MINUS}€1.50"),
        (-9_999, 2, f"0,00{NBSP}€", "€0.00"),
        (1_234_567_890_000, 2, f"1{NBSP}234{NBSP}567,89{NBSP}€", "€1,234,567.89"),
        (Money(2_500_000, "CHF"), 2, f"2,50{NBSP}CHF", f"CHF{NBSP}2.50"),
    ],
)
def test_an_amount_is_cut_and_never_rounded_up(
    amount: int | Money, decimals: int, french: str, english: str
) -> None:
    with translation.override("fr"):
        assert figures.format_money(amount, decimals=decimals) == french
    with translation.override("en"):
        assert figures.format_money(amount, decimals=decimals) == english


@pytest.mark.parametrize(
    ("seconds", "clock", "words"),
    [
        (0, "0:00", f"0{NBSP}s"),
        (59, "0:59", f"59{NBSP}s"),
        (185, "3:05", f"3{NBSP}min"),
        (3600, "1:00:00", f"1{NBSP}h"),
        (4500, "1:15:00", f"1{NBSP}h{NBSP}15{NBSP}min"),
    ],
)
def test_a_length_is_a_clock_on_a_track_and_words_on_a_work(seconds: int, clock: str, words: str) -> None:
    assert figures.format_clock(seconds) == clock
    assert figures.format_duration(seconds) == words


@pytest.mark.parametrize(
    ("basis_points", "french", "english"),
    [
        (2500, f"25{NBSP}%", "25%"),
        (1250, f"12,5{NBSP}%", "12.5%"),
        (1, f"0,01{NBSP}%", "0.01%"),
        (10_000, f"100{NBSP}%", "100%"),
        (0, f"0{NBSP}%", "0%"),
    ],
)
def test_a_share_has_as_many_decimals_as_it_needs(basis_points: int, french: str, english: str) -> None:
    with translation.override("fr"):
        assert figures.format_share(basis_points) == french
    with translation.override("en"):
        assert figures.format_share(basis_points) == english


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (120, 100, "20% more"),
        (80, 100, "20% fewer"),
        (1000, 1001, "about as many"),
        (5, 0, ""),
        (0, 10, "100% fewer"),
    ],
)
def test_a_number_is_compared_with_what_it_was(now: int, before: int, words: str) -> None:
    with translation.override("en"):
        assert figures.format_change(now, before) == words


AFTERNOON = datetime(2026, 11, 7, 13, 5, tzinfo=UTC).astimezone(ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("name", "french", "english"),
    [
        ("DATE_FORMAT", "7 novembre 2026", "7 November 2026"),
        ("SHORT_DATE_FORMAT", "07/11/2026", "07/11/2026"),
        ("TIME_FORMAT", "14:05", "14:05"),
        ("DATETIME_FORMAT", "7 novembre 2026 à 14:05", "7 November 2026 at 14:05"),
        ("SHORT_DATETIME_FORMAT", "07/11/2026 14:05", "07/11/2026 14:05"),
        ("MONTH_DAY_FORMAT", "7 novembre", "7 November"),
    ],
)
def test_the_day_stands_before_the_month_and_a_day_has_24_hours(name: str, french: str, english: str) -> None:
    with translation.override("fr"):
        assert date_format(AFTERNOON, name) == french
    with translation.override("en"):
        assert date_format(AFTERNOON, name) == english


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_third_of_april_is_read_as_such_and_weeks_begin_on_monday(language: str) -> None:
    with translation.override(language):
        assert forms.DateField(localize=True).clean("03/04/2026") == date(2026, 4, 3)
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize(("month", "french", "english"), [(6, "juin", "Jun"), (11, "nov.", "Nov")])
def test_a_month_is_short_under_a_column(month: int, french: str, english: str) -> None:
    with translation.override("fr"):
        assert figures.format_month(date(2026, month, 1)) == french
        assert figures.format_month(date(2026, month, 1), has_year=True) == f"{french} 2026"
    with translation.override("en"):
        assert figures.format_month(date(2026, month, 1)) == english
