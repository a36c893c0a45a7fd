"""Opens playback sessions and renews them: decides, then signs what the doorman verifies alone."""

from __future__ import annotations

import dataclasses
import logging
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from catalog.streaming import denials, door, grants, seats
from catalog.streaming.grants import Grant, GrantRefused
from catalog.streaming.seats import Full
from catalog.works import selectors as works
from catalog.works.audience import Audience
from catalog.works.errors import PackageNotReady, ReleaseNotVisible
from catalog.works.playback import Playable
from mediaplatform.infrastructure.problems import Refusal
from mediaplatform.kernel import ids
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month
from subscriptions import SubscriptionsError
from subscriptions.access import policy
from subscriptions.access.policy import Decision
from subscriptions.billing import selectors as billing
from subscriptions.models import Subscription
from subscriptions.patrons import pseudonyms

LONGEST_SESSION = timedelta(hours=24)
NOT_YOURS, SESSION_OVER, BAD_TOKEN, ENDED = "not_yours", "session_over", "bad_token", "ended"
PROFILE_FULL, LIBRARY_FULL, NO_SEATS = "profile_full", "library_full", "seats_unavailable"

REFUSALS: dict[str, tuple[int, Promise]] = {
    policy.NO_PATRON: (401, _("Enter by your library first.")),
    policy.NO_SUBSCRIPTION: (403, _("Your library has no running subscription.")),
    policy.NOT_INCLUDED: (403, _("Your library's subscription does not include this medium.")),
    policy.NOT_VISIBLE: (404, _("This work is not available to you.")),
    policy.NOT_READY: (409, _("This work is still being prepared. Try again in a few minutes.")),
    NOT_YOURS: (403, _("This playback was opened by somebody else.")),
    SESSION_OVER: (409, _("This playback was opened more than a day ago. Start it again.")),
    BAD_TOKEN: (403, _("This playback is not known here.")),
    ENDED: (403, _("This playback was ended.")),
    PROFILE_FULL: (409, _("This profile is playing on as many devices as it may.")),
    LIBRARY_FULL: (409, _("All the seats that your library pays for are taken.")),
    NO_SEATS: (503, _("Nothing can be played for a moment. Try again in a minute.")),
}

logger = logging.getLogger(__name__)


class PlaybackRefused(Refusal, SubscriptionsError):
    """Playing is refused; `code` is one of `REFUSALS`. A full house says `seats` and `retry_after_s` too."""

    def __init__(self, code: str, words: str = "", **members: int) -> None:
        self.status, usual = REFUSALS[code]
        self.code = code
        super().__init__(words or usual, **members)


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


def open_playback(
    *, audience: Audience | None, resource_id: int, source: str, browser: str, now: datetime
) -> Opened:
    """Open a session of an audience on a resource; the patron is only a pseudonym of the month from here on.

    `browser` tells the patron's browsers apart: what plays next in the same one needs no further seat.

    Raises:
        PlaybackRefused: no_patron, no_subscription, not_included, not_visible, not_ready, profile_full,
            library_full or seats_unavailable.
    """
    if audience is None:
        raise PlaybackRefused(policy.NO_PATRON)
    playable, decision, subscription = _look(audience, resource_id, now)
    if playable is None or decision.until is None:
        raise PlaybackRefused(decision.code)
    pseudonym = pseudonyms.pseudonym_of(patron_id=audience.patron_id, month=Month.of(now))
    grant = Grant(
        key_id=settings.GRANT_KEY_ID,
        session_id=uuid4(),
        library_id=audience.library_id,
        patron=pseudonym,
        resource_id=playable.resource_id,
        package=playable.digest,
        medium=playable.medium,
        source=source,
        max_age=audience.max_age,
        duration_s=playable.duration_s,
        seat=_seat_of(pseudonym=pseudonym, profile_id=audience.profile_id, browser=browser),
        opened_at=now,
        issued_at=now,
        expires_at=_end_of_grant(now, decision.until),
    )
    _take_seat(grant, subscription)
    return Opened(grants.sign(grant, seed=settings.GRANT_SIGNING_KEY), grant, playable)


def renew_playback(*, audience: Audience | None, token: str, now: datetime) -> Renewed:
    """Give a running session its next ten minutes, if all that opened it still holds.

    An expired token will do.

    The session, its opening and its package stay: a package that was made anew does not break a running
    stream.

    Raises:
        PlaybackRefused: as `open_playback`, or not_yours, session_over, bad_token, ended.
    """
    if audience is None:
        raise PlaybackRefused(policy.NO_PATRON)
    grant = recognise_own(audience=audience, token=token)
    if now - grant.opened_at > LONGEST_SESSION:
        raise PlaybackRefused(SESSION_OVER)
    _playable, decision, subscription = _look(audience, grant.resource_id, now, running=grant.medium)
    if decision.until is None:
        raise PlaybackRefused(decision.code)
    _take_seat(grant, subscription)
    issued_at = max(now, grant.opened_at)  # this machine's clock may be behind the one that opened
    renewed = dataclasses.replace(
        grant,
        key_id=settings.GRANT_KEY_ID,
        issued_at=issued_at,
        expires_at=_end_of_grant(issued_at, decision.until),
    )
    return Renewed(grants.sign(renewed, seed=settings.GRANT_SIGNING_KEY), renewed)


def recognise_own(*, audience: Audience, token: str) -> Grant:
    """Return what a token says, even after its time, if it was this audience that opened it.

    Raises:
        PlaybackRefused: bad_token, ended or not_yours.
    """
    try:
        grant = door.recognise(token)
    except GrantRefused as error:
        raise PlaybackRefused(BAD_TOKEN) from error
    try:
        denials.check(grant)
    except GrantRefused as error:
        raise PlaybackRefused(ENDED) from error
    pseudonym = pseudonyms.pseudonym_of(patron_id=audience.patron_id, month=Month.of(grant.opened_at))
    opener = (grant.library_id, grant.patron, grant.max_age)
    if opener != (audience.library_id, pseudonym, audience.max_age):
        raise PlaybackRefused(NOT_YOURS)
    return grant


def _seat_of(*, pseudonym: str, profile_id: int, browser: str) -> str:
    """Return a seat's name, `<profile>-<browser>`: from it nobody finds either, nor last month's."""
    key = settings.SECRET_KEY.encode()
    names = (("profile", str(profile_id)), ("browser", browser))
    return "-".join(ids.keyed_hash(key, "seat", kind, pseudonym, name)[:12] for kind, name in names)


def _take_seat(grant: Grant, subscription: Subscription | None) -> None:
    """Seat a grant within the profile's limit and the library's licence.

    Raises:
        PlaybackRefused: profile_full or library_full; seats_unavailable if that is what the settings prefer
            while Valkey is away.
    """
    licence = subscription.offer.seats if subscription else None
    try:
        full = seats.take(
            grant,
            profile_limit=settings.PROFILE_SEATS,
            library_limit=seats.NO_LIMIT if licence is None else licence,
        )
    except RedisError as error:
        logger.warning("Valkey is unreachable: seats are not counted")
        if settings.PLAY_WITHOUT_SEATS:
            return
        raise PlaybackRefused(NO_SEATS) from error
    if full:
        code = PROFILE_FULL if full.limit == "profile" else LIBRARY_FULL
        raise PlaybackRefused(code, _words_of(full), seats=full.seats, retry_after_s=full.free_in_s)


def _words_of(full: Full) -> str:
    """Say whose limit it is, how many that are, when a seat is likely free, and what one can do."""
    minutes = math.ceil(full.free_in_s / 60)
    if full.limit == "profile":
        limit = ngettext(
            "This profile is playing on %(seats)d device, as many as it may. Stop it, or use another profile.",
            "This profile is playing on %(seats)d devices, as many as it may. Stop one, or use another profile.",
            full.seats,
        )
    else:
        limit = ngettext(
            "The one seat that your library pays for is taken.",
            "All %(seats)d seats that your library pays for are taken.",
            full.seats,
        )
    free = ngettext("One is likely free in a minute.", "One is likely free in %(minutes)d minutes.", minutes)
    return f"{limit % {'seats': full.seats}} {free % {'minutes': minutes}}"


def _look(
    audience: Audience, resource_id: int, now: datetime, *, running: str | None = None
) -> tuple[Playable | None, Decision, Subscription | None]:
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
    decision = policy.decide(
        audience=audience,
        paid_until=subscription.ends_on if subscription else None,
        is_visible=is_visible,
        medium=playable.medium if playable else running,
    )
    return playable, decision, subscription


def _end_of_grant(issued_at: datetime, until: datetime) -> datetime:
    return min(issued_at + grants.MAX_LIFE, until)
