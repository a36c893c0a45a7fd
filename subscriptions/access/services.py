"""Opens playback sessions and renews them: decides, then signs what the doorman verifies alone."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.streaming import door, grants
from catalog.streaming.grants import Grant, GrantRefused
from catalog.works import selectors as works
from catalog.works.audience import Audience
from catalog.works.errors import PackageNotReady, ReleaseNotVisible
from catalog.works.playback import Playable
from mediaplatform.infrastructure.problems import Refusal
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month
from subscriptions import SubscriptionsError
from subscriptions.access import policy
from subscriptions.access.policy import Decision
from subscriptions.billing import selectors as billing
from subscriptions.patrons import services as patrons

LONGEST_SESSION = timedelta(hours=24)
NOT_YOURS, SESSION_OVER, BAD_TOKEN = "not_yours", "session_over", "bad_token"

REFUSALS: dict[str, tuple[int, Promise]] = {
    policy.NO_PATRON: (401, _("Enter by your library first.")),
    policy.NO_SUBSCRIPTION: (403, _("Your library has no running subscription.")),
    policy.NOT_INCLUDED: (403, _("Your library's subscription does not include this medium.")),
    policy.NOT_VISIBLE: (404, _("This work is not available to you.")),
    policy.NOT_READY: (409, _("This work is still being prepared. Try again in a few minutes.")),
    NOT_YOURS: (403, _("This playback was opened by somebody else.")),
    SESSION_OVER: (409, _("This playback was opened more than a day ago. Start it again.")),
    BAD_TOKEN: (403, _("This playback is not known here.")),
}


class PlaybackRefused(Refusal, SubscriptionsError):
    """Playing is refused; `code` is one of `REFUSALS`."""

    def __init__(self, code: str) -> None:
        self.status, words = REFUSALS[code]
        self.code = code
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Opened:
    """A playback session: its grant, the grant's token, and what is played."""

    token: str
    grant: Grant
    playable: Playable


@dataclass(frozen=True, slots=True)
class Renewed:
    """A running session's next grant and its token."""

    token: str
    grant: Grant


def open_playback(*, audience: Audience | None, resource_id: int, source: str, now: datetime) -> Opened:
    """Open a session of an audience on a resource; the patron is only a pseudonym of the month from here on.

    Raises:
        PlaybackRefused: no_patron, no_subscription, not_included, not_visible or not_ready.
    """
    if audience is None:
        raise PlaybackRefused(policy.NO_PATRON)
    playable, decision = _look(audience, resource_id, now)
    if playable is None or decision.until is None:
        raise PlaybackRefused(decision.code)
    grant = Grant(
        key_id=settings.GRANT_KEY_ID,
        session_id=uuid4(),
        library_id=audience.library_id,
        patron=patrons.pseudonym_of(patron_id=audience.patron_id, month=Month.of(now)),
        resource_id=playable.resource_id,
        package=playable.digest,
        medium=playable.medium,
        source=source,
        max_age=audience.max_age,
        duration_s=playable.duration_s,
        opened_at=now,
        issued_at=now,
        expires_at=_end_of_grant(now, decision.until),
    )
    return Opened(grants.sign(grant, seed=settings.GRANT_SIGNING_KEY), grant, playable)


def renew_playback(*, audience: Audience | None, token: str, now: datetime) -> Renewed:
    """Give a running session its next ten minutes, if all that opened it still holds.

    An expired token will do.

    The session, its opening and its package stay: a package that was made anew does not break a running
    stream.

    Raises:
        PlaybackRefused: as `open_playback`, or not_yours, session_over, bad_token.
    """
    if audience is None:
        raise PlaybackRefused(policy.NO_PATRON)
    try:
        grant = door.recognise(token)
    except GrantRefused as error:
        raise PlaybackRefused(BAD_TOKEN) from error
    if now - grant.opened_at > LONGEST_SESSION:
        raise PlaybackRefused(SESSION_OVER)
    pseudonym = patrons.pseudonym_of(patron_id=audience.patron_id, month=Month.of(grant.opened_at))
    opener = (grant.library_id, grant.patron, grant.max_age)
    if opener != (audience.library_id, pseudonym, audience.max_age):
        raise PlaybackRefused(NOT_YOURS)
    _playable, decision = _look(audience, grant.resource_id, now, running=grant.medium)
    if decision.until is None:
        raise PlaybackRefused(decision.code)
    issued_at = max(now, grant.opened_at)  # this machine's clock may be behind the one that opened
    renewed = dataclasses.replace(
        grant,
        key_id=settings.GRANT_KEY_ID,
        issued_at=issued_at,
        expires_at=_end_of_grant(issued_at, decision.until),
    )
    return Renewed(grants.sign(renewed, seed=settings.GRANT_SIGNING_KEY), renewed)


def _look(
    audience: Audience, resource_id: int, now: datetime, *, running: str | None = None
) -> tuple[Playable | None, Decision]:
    """Gather the facts and decide. `running`: medium of a stream that has its package already."""
    today = now.astimezone(ACCOUNTING_ZONE).date()
    subscription = billing.find_running(library_id=audience.library_id, on=today)
    playable, is_visible = None, True
    try:
        playable = works.get_playable(audience=audience, resource_id=resource_id, on=today)
    except ReleaseNotVisible:
        is_visible = False
    except PackageNotReady:
        pass  # the decision says so, unless the stream runs
    return playable, policy.decide(
        audience=audience,
        paid_until=subscription.ends_on if subscription else None,
        is_visible=is_visible,
        medium=playable.medium if playable else running,
    )


def _end_of_grant(issued_at: datetime, until: datetime) -> datetime:
    return min(issued_at + grants.MAX_LIFE, until)
