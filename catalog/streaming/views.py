"""What a token opens: the files of its package, and the log for its heartbeats. No session, no look-up."""

from __future__ import annotations

import json
import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from catalog.streaming import denials, door, flags, hosts, seats
from catalog.streaming.delivery import choice
from catalog.streaming.grants import Grant, GrantRefused
from catalog.streaming.headers import headers_for
from catalog.streaming.leases import leases
from catalog.streaming.limits import Excess
from catalog.streaming.meter import NotCounted, client_of, find_delivered_s, meter
from catalog.usage import schema, services
from catalog.usage.schema import HeartbeatRefused, Session
from mediaplatform.infrastructure.objectstore import ObjectKeyRefused, ObjectMissing
from mediaplatform.infrastructure.problems import MEDIA_TYPE, TITLES

MAX_HEARTBEAT_BYTES = 64 * 1024
REFUSED_STATUS = {"too_late": 410, "too_many_heartbeats": 429}

logger = logging.getLogger(__name__)


@xframe_options_exempt
@require_safe
def serve_file(request: HttpRequest, token: str, path: str) -> HttpResponseBase:
    """Answer with a file of the token's package, or a range of it."""
    if refusal := hosts.refuse_service_worker(request):
        return refusal
    try:
        grant = door.admit(token, now=timezone.now())
    except GrantRefused as error:
        return _problem(401 if error.code == "expired" else 403, error.code, error.detail)
    if hosts.is_games_host(request) != (grant.medium == "game"):
        return _problem(404, "wrong_host", "games have a host of their own")
    if refusal := _hold_back(request, grant, path):
        return refusal
    try:
        return choice.get_delivery().answer(request, grant=grant, path=path)
    except (ObjectKeyRefused, ObjectMissing):
        return _problem(404, "no_such_file", "the package has no such file")


@require_safe
def show_grant(request: HttpRequest, token: str) -> HttpResponseBase:
    """Tell nginx which package a token opens on this host, and the headers of its files (infra/nginx/granted.conf).

    Everything that is no yes is a 403: nginx then asks for the file itself, and hands that refusal on.
    """
    try:
        grant = door.admit(token, now=timezone.now())
    except GrantRefused as error:
        return _problem(403, error.code, error.detail)
    if hosts.is_games_host(request) != (grant.medium == "game"):
        return _problem(403, "wrong_host", "games have a host of their own")
    if _hold_back(request, grant, ""):
        return _problem(403, "held_back", "this playback fetches more than can be played")
    headers = headers_for(medium=grant.medium, path="", site_url=settings.SITE_URL)
    kept = {name: value for name, value in headers.items() if name not in {"Content-Type", "Cache-Control"}}
    return HttpResponse(status=204, headers=kept | {"X-Grant-Package": grant.package})


@csrf_exempt
@require_POST
def receive_heartbeat(request: HttpRequest, token: str) -> HttpResponseBase:
    """Keep a heartbeat; the answer says so once it is committed. A game's own host has no heartbeats."""
    if hosts.is_games_host(request):
        return _problem(404, "wrong_host", "heartbeats go to the platform's own host")
    try:
        grant = door.recognise(token)
        denials.check(grant)
        beat = schema.parse_beat(_read_json(request))
        acknowledged = services.record_heartbeat(
            session=_session_of(grant),
            beat=beat,
            granted_until=grant.expires_at,
            now=timezone.now(),
            delivered_s=find_delivered_s(grant),
        )
    except GrantRefused as error:
        return _problem(403, error.code, error.detail)
    except HeartbeatRefused as error:
        return _problem(REFUSED_STATUS.get(error.code, 400), error.code, error.detail)
    except (OperationalError, InterfaceError):
        return _problem(
            503, "unavailable", "the log cannot be written now; keep the heartbeat and send it again"
        )
    leases.keep(grant)
    return JsonResponse({"acknowledged": acknowledged}, status=202, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_POST
def close_session(request: HttpRequest, token: str) -> HttpResponseBase:
    """Free the session's seat at once; a beacon may ask for it as the page is left. Twice is once."""
    if hosts.is_games_host(request):
        return _problem(404, "wrong_host", "playbacks are closed on the platform's own host")
    try:
        seats.leave(door.recognise(token))
    except GrantRefused as error:
        return _problem(403, error.code, error.detail)
    except RedisError:
        logger.warning("Valkey is unreachable: a seat lapses by itself")
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _hold_back(request: HttpRequest, grant: Grant, path: str) -> HttpResponse | None:
    """Count the request; return a refusal if that is more than listening takes, and keep it for a person to see."""
    try:
        found = meter.count(grant, path=path, client=client_of(request, grant))
    except NotCounted as error:
        answer = _problem(503, "unavailable", str(error))
        answer["Retry-After"] = str(error.retry_after_s)
        return answer
    if found is None:
        return None
    excess, is_news = found
    if is_news:
        logger.warning("Session %s is held back: %s %s", grant.session_id, excess.rule, excess.evidence)
        _keep_flag(grant, excess)
    answer = _problem(429, excess.rule, "this playback fetches more than can be played; wait a little")
    answer["Retry-After"] = str(excess.retry_after_s)
    return answer


def _keep_flag(grant: Grant, excess: Excess) -> None:
    """Keep what was noticed; that it can't be is no reason to serve."""
    try:
        flags.record_flag(grant=grant, excess=excess, now=timezone.now())
    except DatabaseError:
        logger.exception("The flag of a playback could not be kept")


def _read_json(request: HttpRequest) -> object:
    """Return the decoded body, whatever type it claims: a beacon may send text/plain."""
    if len(request.body) > MAX_HEARTBEAT_BYTES:
        raise HeartbeatRefused("malformed", f"a heartbeat has at most {MAX_HEARTBEAT_BYTES} bytes")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise HeartbeatRefused("malformed", "the body is not JSON") from error


def _session_of(grant: Grant) -> Session:
    return Session(
        session_id=grant.session_id,
        library_id=grant.library_id,
        patron=grant.patron,
        resource_id=grant.resource_id,
        medium=grant.medium,
        source=grant.source,
        max_age=grant.max_age,
        duration_s=grant.duration_s,
        opened_at=grant.opened_at,
    )


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    """Answer as RFC 9457 has it, for players: `code` is what they act upon (`expired`: renew)."""
    with translation.override(None):  # no language was chosen on this way: words are English
        title = str(TITLES.get(status, TITLES[409]))
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
