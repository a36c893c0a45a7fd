"""Amounts, durations and shares as the reader writes them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, pgettext

from mediaplatform.kernel.money import Money

NBSP = "\N{NO-BREAK SPACE}"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "CAD": "CA$"}
SYMBOL_FIRST = frozenset({"en"})
MINUTE, HOUR = 60, 3600


def format_money(amount: Money | int, *, decimals: int = 2) -> str:
    """Write micros or Money with `decimals` (0 to 6), cut and never rounded: one reads no more than there is.

    23_015_000 is `23,01 €` in French and `€23.01` in English; with six decimals `23,015000 €`.
    """
    money = amount if isinstance(amount, Money) else Money(amount)
    shown = money.units.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
    figures = number_format(abs(shown), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    sign = "\N{MINUS SIGN}" if shown < 0 else ""
    symbol = SYMBOLS.get(money.currency, money.currency)
    if (get_language() or "fr")[:2] in SYMBOL_FIRST:
        return f"{sign}{symbol}{NBSP if symbol.isalpha() else ''}{figures}"
    return f"{sign}{figures}{NBSP}{symbol}"


def format_number(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return str(number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True))


def format_share(basis_points: int) -> str:
    """Write basis points as per cent with as many decimals as they have: 2500 -> `25 %`, 1250 -> `12,5 %`."""
    value = Decimal(basis_points).scaleb(-2).normalize()
    decimals = max(0, -int(value.as_tuple().exponent))
    figures = number_format(value, decimal_pos=decimals, use_l10n=True)
    return f"{figures}{'' if (get_language() or 'fr')[:2] in SYMBOL_FIRST else NBSP}%"


def format_clock(seconds: int) -> str:
    """Write a track's length: 185 -> `3:05`, 3785 -> `1:03:05`."""
    hours, rest = divmod(int(seconds), HOUR)
    minutes, left = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def format_duration(seconds: int) -> str:
    """Write a length in words, to the minute: 4500 -> `1 h 15 min`; under a minute, in seconds."""
    hours, rest = divmod(int(seconds), HOUR)
    minutes = rest // MINUTE
    if not hours and not minutes:
        return f"{int(seconds)}{NBSP}s"
    parts = [f"{hours}{NBSP}h"] if hours else []
    if minutes:
        parts.append(f"{minutes}{NBSP}min")
    return NBSP.join(parts)


def format_month(first_day: date, *, has_year: bool = False) -> str:
    """Write a month as short as under a column of a chart: `nov.`, `juin 2026`; in English `Nov`, `Jun 2026`."""
    pattern = pgettext("format of a short month, as of Django's filter date", "M")
    return date_format(first_day, f"{pattern} Y" if has_year else pattern)


def format_change(now: int, before: int) -> str:
    """Say how a number stands to an earlier one: 120 after 100 -> `20 % more`; without an earlier one, empty."""
    if before <= 0:
        return ""
    change = (now - before) * 100 // before if now >= before else -((before - now) * 100 // before)
    if change == 0:
        return gettext("about as many")
    words = gettext("%(share)s more") if change > 0 else gettext("%(share)s fewer")
    return words % {"share": format_share(abs(change) * 100)}
