"""Who may enter a payee's room; everybody else gets the page that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from catalog.splits import selectors as splits
from mediaplatform.accounts.permissions import signed_in
from royalties.statements import selectors
from royalties.statements.selectors import PayeeName


@dataclass(frozen=True, slots=True)
class Room:
    """A payee's room, opened for one of its people."""

    user_id: int
    payee: PayeeName
    payees: tuple[PayeeName, ...]

    @property
    def context(self) -> dict[str, Any]:
        """What every page of the room shows."""
        asked = splits.count_asked(payee_id=self.payee.id)
        return {"payee": self.payee, "payees": self.payees, "asked": asked}


def enter(request: HttpRequest, payee_id: int | None = None) -> Room:
    """Return the room of a payee that the user acts for, by default of the first one.

    Raises:
        Http404: the user acts for no such payee.
    """
    user = signed_in(request)
    payees = tuple(selectors.list_payees(user_id=int(user.pk))) if user else ()
    found = [payee for payee in payees if payee_id in {None, payee.id}]
    if user is None or not found:
        raise Http404
    return Room(int(user.pk), found[0], payees)
