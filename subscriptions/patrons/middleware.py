"""Who is looking: `request.audience` is the patron's `Audience`, or None."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from catalog.works.audience import Audience
from mediaplatform.kernel.periods import Month
from subscriptions.patrons import profiles, pseudonyms, selectors, services

# Under these addresses a token in the path is the authority (catalog.streaming): hundreds of requests an hour
# that need no session.
TOKEN_PATHS = ("/m/",)

PATRON, PROFILE, SEEN_ON, BESIDE = "patron_id", "profile_id", "patron_seen_on", "beside_account"
HANDED_TO = "handed_to_child"


class AudienceMiddleware:
    """Reads the patron from the session: no query without one, three with one, a write on each new day.

    A patron who was suspended or removed is signed out with the next request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        skip = not has_session or request.path.startswith(TOKEN_PATHS)
        request.audience = None if skip else _read_audience(request.session)  # type: ignore[attr-defined]
        return self.get_response(request)


def sign_in(session: SessionBase, *, patron_id: int, profile_id: int) -> None:
    """Make the session a patron's, under a new key."""
    session.cycle_key()
    session[PATRON], session[PROFILE] = patron_id, profile_id


def hand_over(session: SessionBase, *, patron_id: int, profile_id: int) -> None:
    """Remember that this browser was handed to a child, until an adult of the household has given the PIN in it.

    Leaving does not undo it: else the household's code, typed again, would be a way around the PIN. Who has forgotten
    the PIN comes in with the code in another browser, and chooses a new one.
    """
    session[HANDED_TO] = [patron_id, profile_id]


def take_back(session: SessionBase) -> None:
    """Forget that the browser was a child's: the PIN was given."""
    session.pop(HANDED_TO, None)


def find_child(session: SessionBase) -> tuple[int, int] | None:
    """Return the patron and the profile of the child to whom this browser was handed, if it still has one."""
    patron_id, profile_id = session.get(HANDED_TO, (None, None))
    if patron_id is None or not profiles.exists(patron_id=patron_id, profile_id=profile_id):
        return None
    return patron_id, profile_id


def sign_out(session: SessionBase) -> None:
    """Forget the patron; a member of staff signed in by e-mail in the same browser stays so."""
    for key in (PATRON, PROFILE, SEEN_ON, BESIDE):
        session.pop(key, None)


def _read_audience(session: SessionBase) -> Audience | None:
    patron_id, profile_id = session.get(PATRON), session.get(PROFILE)
    if patron_id is None or profile_id is None:
        return None
    today = timezone.localdate()
    audience = selectors.find_audience(patron_id=patron_id, profile_id=profile_id, on=today)
    if audience is None:
        sign_out(session)
        return None
    if session.get(SEEN_ON) != today.isoformat():
        services.note_seen(patron_id=patron_id, on=today)
        session[SEEN_ON] = today.isoformat()
    _note_account(session, patron_id)
    return audience


def _note_account(session: SessionBase, patron_id: int) -> None:
    """Note an account that is signed in beside the patron, for the screening of households; once a month."""
    user_id = session.get(SESSION_KEY)
    if user_id is None:
        return
    month = Month.of(timezone.now())
    seen = f"{month} {user_id} {patron_id}"
    if session.get(BESIDE) != seen:
        pseudonyms.note_signed_in_beside(patron_id=patron_id, user_id=int(user_id), month=month)
        session[BESIDE] = seen
