"""A statement's rows in plain words, with the numbers that let a reader compute each amount again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mediaplatform.kernel.territories import ABROAD, COUNTRY, DEPARTEMENT, EPCI, OWN, REGION
from mediaplatform.ui.figures import format_duration, format_money, format_number, format_share
from royalties.engine.policy import BASIS_POINTS, EQUAL, PLAYS, PROPORTIONAL, USER_CENTRIC
from royalties.statements.display import Row

ENVELOPE_NAMES: Mapping[str, Promise] = {
    "usage": gettext_lazy("Plays"),
    "territory": gettext_lazy("From here"),
    "diversity": gettext_lazy("Diversity"),
    "catalogue": gettext_lazy("Catalogue"),
    "floor": gettext_lazy("Solidarity"),
}
ENVELOPE_RULES: Mapping[str, Promise] = {
    "usage": gettext_lazy("Each patron’s part of the subscription goes to what that patron played."),
    "territory": gettext_lazy("A library’s own money for creators of its own territory, the nearest first."),
    "diversity": gettext_lazy("Shared among all who were heard, so that a small audience counts too."),
    "catalogue": gettext_lazy("For being in the catalogue, whether played or not."),
    "floor": gettext_lazy("The solidarity fund lifts small months up to a floor."),
}
MEDIUM_NAMES: Mapping[str, Promise] = {
    "music": gettext_lazy("Music"),
    "video": gettext_lazy("Film"),
    "book": gettext_lazy("Book"),
    "game": gettext_lazy("Game"),
}


def say_row(row: Row) -> list[str]:
    """Return why a row has its amount: one sentence a step, in the reader's language."""
    if row.merged:
        return [_say_merged(row)]
    return SENTENCES[row.envelope](row, row.formula)


def _say_merged(row: Row) -> str:
    said = ngettext(
        "%(count)s line is shown as one so that nobody can tell who listened; it was computed by itself.",
        "%(count)s lines are shown as one so that nobody can tell who listened; each was computed by itself.",
        row.merged,
    )
    return said % {"count": format_number(row.merged)}


def _say_usage(row: Row, formula: Mapping[str, Any]) -> list[str]:
    gave = ngettext(
        "%(count)s patron of %(town)s gave you %(yours)s, by spending %(time)s with it in %(plays)s plays.",
        "%(count)s patrons of %(town)s gave you %(yours)s, by spending %(time)s with it in %(plays)s plays.",
        formula["patrons"],
    )
    by_plays = formula["measure"] == PLAYS
    if formula["mode"] == USER_CENTRIC:
        rule = (
            _(
                "%(all)s patrons came there that month: of the %(envelope)s for plays each had %(budget)s "
                "to give, in proportion to the plays of each work. These gave %(amount)s to this one."
            )
            if by_plays
            else _(
                "%(all)s patrons came there that month: of the %(envelope)s for plays each had %(budget)s "
                "to give, in proportion to the time spent with each work. These gave %(amount)s to this one."
            )
        )
    else:
        rule = (
            _("The %(envelope)s for plays were divided by all plays: %(amount)s fell to this work.")
            if by_plays
            else _("The %(envelope)s for plays were divided by all time spent: %(amount)s fell to this work.")
        )
    numbers = {
        "count": format_number(formula["patrons"]),
        "town": row.territory_name,
        "yours": format_money(row.amount_micros),
        "time": format_duration(formula["seconds"]),
        "plays": format_number(formula["plays"]),
        "all": format_number(formula["library_patrons"]),
        "envelope": format_money(formula["envelope"]),
        "budget": format_money(formula["budget"]),
        "amount": format_money(formula["resource_amount"], decimals=6),
    }
    return [gave % numbers, rule % numbers, *_say_share(row, formula)]


def _say_share(row: Row, formula: Mapping[str, Any]) -> list[str]:
    if formula["share_bp"] == BASIS_POINTS:
        return []
    return [
        _("Your share of this work is %(share)s: %(amount)s.")
        % {
            "share": format_share(formula["share_bp"]),
            "amount": format_money(row.amount_micros, decimals=6),
        }
    ]


def _say_territory(row: Row, formula: Mapping[str, Any]) -> list[str]:
    return [
        _near(formula["proximity"]) % {"town": row.territory_name, "weight": formula["weight"]},
        _(
            "%(envelope)s were for creators from around. They were divided by what each work got for its "
            "plays (%(used)s for this one) times that weight: %(amount)s fell to this work."
        )
        % {
            "envelope": format_money(formula["envelope"]),
            "used": format_money(formula["usage_amount"]),
            "amount": format_money(formula["resource_amount"], decimals=6),
        },
        *(
            [
                _(
                    "Among those who hold this work, the same weight times your share of %(share)s made "
                    "%(amount)s."
                )
                % {
                    "share": format_share(formula["share_bp"]),
                    "amount": format_money(row.amount_micros, decimals=6),
                }
            ]
            if formula["share_bp"] != BASIS_POINTS
            else []
        ),
    ]


def _near(proximity: str) -> str:
    return {
        OWN: _("You are from the library’s own territory, %(town)s: your weight is %(weight)s."),
        EPCI: _("You are from the same group of communes as %(town)s: your weight is %(weight)s."),
        DEPARTEMENT: _("You are from the same département as %(town)s: your weight is %(weight)s."),
        REGION: _("You are from the same region as %(town)s: your weight is %(weight)s."),
        COUNTRY: _("You are from the same country as %(town)s: your weight is %(weight)s."),
        ABROAD: _("You are from another country than %(town)s: your weight is %(weight)s."),
    }[proximity]


def _say_diversity(row: Row, formula: Mapping[str, Any]) -> list[str]:
    heard = ngettext(
        "%(count)s patron of %(town)s played something of yours.",
        "%(count)s patrons of %(town)s played something of yours.",
        formula["patrons"],
    )
    rules = {
        EQUAL: _("Everybody who was heard counts the same: %(weight)s of %(all)s."),
        PROPORTIONAL: _("Audiences count as they are: %(weight)s of %(all)s."),
    }
    root = _("The square root of each audience counts, times 1,000: %(weight)s for yours, of %(all)s in all.")
    numbers = {
        "count": format_number(formula["patrons"]),
        "town": row.territory_name,
        "weight": format_number(formula["weight"]),
        "all": format_number(formula["all_weights"]),
        "envelope": format_money(formula["envelope"]),
        "amount": format_money(row.amount_micros, decimals=6),
    }
    part = _("Of the %(envelope)s of this envelope that makes %(amount)s.")
    return [sentence % numbers for sentence in (heard, rules.get(formula["exponent"], root), part)]


def _say_catalogue(row: Row, formula: Mapping[str, Any]) -> list[str]:
    rule = ngettext(
        "%(count)s release of yours is in the catalogue, of %(all)s that count (%(cap)s a payee at most).",
        "%(count)s releases of yours are in the catalogue, of %(all)s that count (%(cap)s a payee at most).",
        formula["releases"],
    )
    part = _("Of the %(envelope)s that all libraries put together for this, that makes %(amount)s.")
    numbers = {
        "count": format_number(formula["releases"]),
        "all": format_number(formula["all_releases"]),
        "cap": format_number(formula["cap"]),
        "envelope": format_money(formula["envelope"]),
        "amount": format_money(row.amount_micros, decimals=6),
    }
    return [rule % numbers, part % numbers]


def _say_floor(row: Row, formula: Mapping[str, Any]) -> list[str]:
    lifted = formula["gross"] + row.amount_micros
    rule = (
        _("Your month came to %(gross)s. The solidarity fund lifts it to the floor of %(floor)s.")
        if lifted == formula["floor"]
        else _(
            "Your month came to %(gross)s, under the floor of %(floor)s. The solidarity fund was not enough "
            "for all: each got a part of it by need, you %(amount)s."
        )
    )
    return [
        rule
        % {
            "gross": format_money(formula["gross"], decimals=6),
            "floor": format_money(formula["floor"]),
            "amount": format_money(row.amount_micros, decimals=6),
        }
    ]


SENTENCES: Mapping[str, Callable[[Row, Mapping[str, Any]], list[str]]] = {
    "usage": _say_usage,
    "territory": _say_territory,
    "diversity": _say_diversity,
    "catalogue": _say_catalogue,
    "floor": _say_floor,
}
