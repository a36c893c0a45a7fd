"""What stands in the way of a month, or should be known before it is posted: as data, and in words.

An attempt keeps findings as JSON and says them in the language of whoever reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.works import rights
from mediaplatform.kernel.periods import Month
from mediaplatform.ui.figures import format_number, format_share
from royalties.engine.policy import BASIS_POINTS
from royalties.engine.tables import Finding
from subscriptions.libraries import selectors as libraries

# What may be wrong with the month itself; the subject is the month that it is about.
NOT_OVER, NO_POLICY, EARLIER_OPEN, CLOSED, CHANGED, LATE_PLAYS = MONTH_CODES = (
    "not_over",
    "no_policy",
    "earlier_open",
    "closed",
    "changed",
    "late_plays",
)
HELD_PLAYS = "held"  # plays that nobody has decided on
SPLITS, TERRITORIES, HOLDS, MONTHS, DATA = "splits", "territories", "holds", "months", "data"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finding in words. `kind` is the line of the checklist that it belongs to."""

    kind: str
    text: str
    blocks: bool


def month_finding(code: str, month: object, *, is_fault: bool = True) -> Finding:
    """Name what is wrong with a month; `code` is one of MONTH_CODES."""
    return Finding("period", code, str(month), "", is_fault)


def held_plays(count: int) -> list[Finding]:
    """Name the plays that wait for a decision: a month that is posted never pays them."""
    return [Finding("plays", HELD_PLAYS, str(count), "plays are held")] if count else []


def read_notices(manifest: Mapping[str, Any]) -> list[Finding]:
    """Return the notices of a run from its manifest, where each is one line."""
    parts = (line.split(": ", 3) for line in manifest["notices"])
    return [Finding(file, code, subject, detail, is_fault=False) for file, code, subject, detail in parts]


def libraries_must_have_territories(findings: Iterable[Finding]) -> list[Finding]:
    """Turn notices about libraries without a territory into faults: their money would miss its aim."""
    return [
        Finding(found.file, found.code, found.subject, found.detail)
        for found in findings
        if (found.file, found.code) == ("territories", "missing_territory")
    ]


def as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as an attempt keeps them."""
    return [asdict(found) for found in findings]


def put_in_words(found: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    """Say findings of `as_json`, blocking ones first; works, libraries and payees are named."""
    findings = [Finding(**row) for row in found]
    names = _Names.of(findings)
    sentences = [Sentence(_kind(each), _words(each, names), each.is_fault) for each in findings]
    return sorted(sentences, key=lambda each: not each.blocks)


@dataclass(frozen=True, slots=True)
class _Names:
    works: Mapping[str, str]
    libraries: Mapping[str, str]
    payees: Mapping[str, str]

    @classmethod
    def of(cls, findings: list[Finding]) -> _Names:
        works = rights.name_resources(resource_ids=_ids(findings, "shares"))
        payees = rights.name_payees(payee_ids=_ids(findings, "payees"))
        return cls(
            works={str(pk): f"“{name.title}” ({name.release_title})" for pk, name in works.items()},
            libraries={str(library.pk): library.name for library in libraries.list_public_libraries()},
            payees={str(pk): name for pk, name in payees.items()},
        )


def _ids(findings: list[Finding], file: str) -> set[int]:
    return {int(found.subject) for found in findings if found.file == file and found.subject.isdigit()}


def _kind(found: Finding) -> str:
    if found.file == "shares":
        return SPLITS
    if found.code == "missing_territory":
        return TERRITORIES
    if found.code == HELD_PLAYS:
        return HOLDS
    return MONTHS if found.file == "period" else DATA


def _words(found: Finding, names: _Names) -> str:
    match found.file, found.code:
        case "shares", "shares_sum" if found.subject in names.works:
            made = int(found.detail.removeprefix("sum to ").partition(",")[0])
            return _("%(work)s: the shares make %(made)s and not %(whole)s.") % {
                "work": names.works[found.subject],
                "made": format_share(made),
                "whole": format_share(BASIS_POINTS),
            }
        case "territories", "missing_territory" if found.subject in names.libraries:
            return _("%(library)s has no territory: nothing would be local to it.") % {
                "library": names.libraries[found.subject]
            }
        case "payees", "missing_territory" if found.subject in names.payees:
            return _("%(payee)s has no home territory and counts as living abroad.") % {
                "payee": names.payees[found.subject]
            }
        case "plays", "held":
            count = int(found.subject)
            return ngettext(
                "%(count)s play is held: decide on it first.",
                "%(count)s plays are held: decide on them first.",
                count,
            ) % {"count": format_number(count)}
        case "period", code:
            return capfirst(_month_words(code) % {"month": month_name(Month.parse(found.subject))})
    return str(found)


def _month_words(code: str) -> str:
    return {
        NOT_OVER: _("%(month)s is not over yet."),
        NO_POLICY: _("No policy is in force in %(month)s."),
        EARLIER_OPEN: _("%(month)s has to be closed first."),
        CLOSED: _("%(month)s is closed: what was posted stays as it is."),
        LATE_PLAYS: _("Players that were offline may still tell of plays in %(month)s, too late for it."),
        CHANGED: _("Something has changed since the preview of %(month)s: look at a new one first."),
    }[code]


def month_name(month: Month) -> str:
    """Write a month in words, as within a sentence: `October 2026`, `octobre 2026`."""
    return date_format(month.first_day, "F Y")
