"""An open month as a checklist: what is in order, what blocks, what should be known. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from royalties.periods.findings import DATA, HOLDS, MONTHS, SPLITS, TERRITORIES, Sentence
from royalties.periods.selectors import Board


@dataclass(frozen=True, slots=True)
class Step:
    """One line: `state` in words, of a `kind` (good, warn, bad, busy, empty); `notes` on what is wrong."""

    title: str
    state: str
    kind: str
    notes: list[str]
    is_current: bool = False


def list_steps(board: Board) -> list[Step]:
    """Return the checklist; what only a computation can tell waits for a preview."""
    steps = [
        _step(
            _("The month can be closed"),
            [each for each in (*board.blockers, *board.sentences) if each.kind == MONTHS],
        ),
        _policy(board),
        _computed(board, SPLITS, _("Every work played has its shares")),
        _computed(board, TERRITORIES, _("Libraries and payees have a territory")),
        _computed(board, HOLDS, _("No play is held")),
        _computed(board, DATA, _("The figures are whole")),
        _post(board),
    ]
    first = next((step for step in steps if step.kind != "good"), None)
    return [Step(step.title, step.state, step.kind, step.notes, is_current=step is first) for step in steps]


def _step(title: str, sentences: list[Sentence]) -> Step:
    notes = [sentence.text for sentence in sentences]
    if any(sentence.blocks for sentence in sentences):
        return Step(title, _("Blocks"), "bad", notes)
    if notes:
        return Step(title, _("To know"), "warn", notes)
    return Step(title, _("In order"), "good", [])


def _policy(board: Board) -> Step:
    if board.policy is None:
        return Step(_("Rules are in force"), _("Blocks"), "bad", [])
    note = _("“%(name)s”, digest %(digest)s…") % {
        "name": board.policy.name,
        "digest": board.policy.sha256[:12],
    }
    return Step(_("Rules are in force"), _("In order"), "good", [note])


def _computed(board: Board, kind: str, title: str) -> Step:
    sentences = [each for each in (*board.blockers, *board.sentences) if each.kind == kind]
    if not sentences and board.preview is None:
        return Step(title, _("Not looked at yet"), "", [])
    return _step(title, sentences)


def _post(board: Board) -> Step:
    if board.is_ready:
        return Step(_("Post the month"), _("Ready"), "busy", [])
    return Step(_("Post the month"), _("Not yet"), "", [])
