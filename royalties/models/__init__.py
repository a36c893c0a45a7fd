"""Periods, runs, the journal and statements. Private to this package."""

from royalties.models.journal import JournalEntry, Posting
from royalties.models.members import PayeeMembership
from royalties.models.periods import Attempt, Period, PolicyVersion, Run
from royalties.models.screening import ScreeningAppeal, ScreeningCase, ScreeningDecision
from royalties.models.statements import Statement, StatementLine

__all__ = [
    "Attempt",
    "JournalEntry",
    "PayeeMembership",
    "Period",
    "PolicyVersion",
    "Posting",
    "Run",
    "ScreeningAppeal",
    "ScreeningCase",
    "ScreeningDecision",
    "Statement",
    "StatementLine",
]
