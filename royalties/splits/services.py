"""Proposes and answers split sheets for payees, and writes to those whom it concerns."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.splits import services as splits
from catalog.splits.services import Asked, Outcome, Proposal
from mediaplatform.accounts import services as accounts
from royalties.models import PayeeMembership
from royalties.statements.services import add_member


@transaction.atomic
def propose(proposal: Proposal, *, now: datetime) -> Outcome:
    """Propose a split; whoever is asked gets a mail, and an invitation where nobody acts for the payee yet.

    Raises:
        SplitRefused: as `catalog.splits.services.propose`.
    """
    outcome = splits.propose(proposal, now=now)
    for asked in outcome.asked:
        _let_in(asked)
        words = _("%(who)s proposes another split of “%(title)s” from %(day)s. Read it and answer:")
        _write(outcome, asked.payee_id, _("A split of “%(title)s” waits for you"), words)
    return outcome


@transaction.atomic
def answer(*, sheet_id: int, payee_id: int, accepts: bool, reason: str, now: datetime) -> Outcome:
    """Answer a sheet for a payee; the proposer is told once it is settled.

    Raises:
        SheetMissing, SplitRefused: as `catalog.splits.services.answer`.
    """
    outcome = splits.answer(sheet_id=sheet_id, payee_id=payee_id, accepts=accepts, reason=reason, now=now)
    if not outcome.asked:
        words = (
            _("All have agreed: from %(day)s “%(title)s” is shared as you proposed.")
            if accepts
            else _("Your split of “%(title)s” was declined. The reason stands here:")
        )
        _write(outcome, outcome.proposer_id, _("Your split of “%(title)s”"), words)
    return outcome


def _let_in(asked: Asked) -> None:
    """Give the payee's address an account if nobody acts for the payee yet."""
    if not PayeeMembership.objects.filter(payee=asked.payee_id).exists():
        user = accounts.invite(email=asked.email, to=_("the artists’ portal"))
        add_member(payee_id=asked.payee_id, user_id=user.pk)


def _write(outcome: Outcome, payee_id: int, subject: str, words: str) -> None:
    """Write to everybody who acts for a payee, once this is committed."""
    facts = {
        "who": outcome.proposer,
        "title": outcome.title,
        "day": date_format(outcome.valid_from, "DATE_FORMAT"),
    }
    page = settings.SITE_URL + reverse("portal:work", args=[payee_id, outcome.release_id])
    people = PayeeMembership.objects.filter(payee=payee_id).values_list("user__email", flat=True)
    for address in people:
        transaction.on_commit(
            lambda to=address: send_mail(subject % facts, f"{words % facts}\n\n{page}\n", None, [to])  # type: ignore[misc]
        )
