"""A split that waits for the artist's answer, so that the portal has something to decide."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from catalog.splits import selectors, services
from catalog.splits.services import Proposal
from mediaplatform.demo.logins import ARTIST

GIVEN_BP = 500


def offer_split(*, now: datetime) -> str | None:
    """Let a partner of the artist give up some of a work to her; return its title, or None if there was one before."""
    artist = selectors.find_payee(words=ARTIST)
    works = selectors.list_own_works(payee_id=artist, on=now.date()) if artist else []
    if artist is None or any(work.is_waiting for work in works):
        return None
    for work in works:
        shared = selectors.get_shared_work(payee_id=artist, release_id=work.release_id, on=now.date())
        parts = {part.payee_id: part.share_bp for part in shared.divisions[0].parts}
        partner = max(parts.keys() - {artist}, key=lambda one: parts[one], default=None)
        if partner is None or shared.sheets or parts[partner] <= GIVEN_BP:
            continue
        parts |= {partner: parts[partner] - GIVEN_BP, artist: parts[artist] + GIVEN_BP}
        proposal = Proposal(
            payee_id=partner,
            release_id=work.release_id,
            resource_ids=frozenset(piece.id for piece in shared.pieces),
            shares_bp=parts,
            valid_from=services.months_offered(now=now)[0],
            note=_("Your music carries it more than we had thought."),
        )
        services.propose(proposal, now=now)
        return work.title
    return None
