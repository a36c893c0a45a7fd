"""The rules in words, for whoever has to decide and for whoever is concerned."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediaplatform.ui.figures import format_number, format_share
from royalties.screening import rules

TITLES: dict[str, Promise] = {
    rules.LONG_DAY: gettext_lazy("A day of more than 18 hours"),
    rules.SAME_AGAIN: gettext_lazy("The same work more than 10 times a day"),
    rules.FEW_PATRONS: gettext_lazy("Half of a payee’s month from two patrons"),
    rules.NEW_ACCOUNT: gettext_lazy("A new account with more than 200 plays"),
    rules.REGULAR_GAPS: gettext_lazy("Starts as regular as a machine’s"),
    rules.HOUSEHOLD: gettext_lazy("A payee’s own household"),
    rules.OUTLIER: gettext_lazy("Far more than anybody else of the library"),
}
SHARE_BP = 10_000


def explain(rule: str, numbers: Mapping[str, float]) -> str:
    """Say a case's numbers beside the threshold that they passed."""
    words = {name: _format(value) for name, value in numbers.items()}
    if "share" in numbers:
        words["share"] = format_share(round(numbers["share"] * SHARE_BP))
    return _sentence(rule) % words


def _sentence(rule: str) -> str:
    return {
        rules.LONG_DAY: _("%(hours)s hours on one day; 18 is the limit."),
        rules.SAME_AGAIN: _("%(plays)s times on one day; 10 is the limit."),
        rules.FEW_PATRONS: _("%(share)s of the payee’s %(plays)s plays come from %(patrons)s patrons."),
        rules.NEW_ACCOUNT: _("%(plays)s plays in the account’s first 48 hours; 200 is the limit."),
        rules.REGULAR_GAPS: _(
            "%(plays)s plays every %(gap_s)s seconds; the gaps’ spread is %(spread)s, and 0.02 is the limit."
        ),
        rules.HOUSEHOLD: _("%(plays)s plays from a browser in which the payee’s account was signed in."),
        rules.OUTLIER: _("%(plays)s plays against a median of %(median)s: z is %(z)s, and 3.5 is the limit."),
    }[rule]


def _format(value: float) -> str:
    return format_number(int(value)) if float(value).is_integer() else f"{value:g}"
