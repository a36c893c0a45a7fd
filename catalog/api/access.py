"""Who calls the catalogue's API: a person's browser or a token of theirs; how often; and how answers are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from catalog.works.audience import Audience
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from mediaplatform.accounts.tokens import TokenUse
from mediaplatform.infrastructure.problems import Refusal

READS_A_MINUTE, WRITES_A_MINUTE, STRANGERS_A_MINUTE = 600, 300, 120


class ScopeMissing(Refusal):
    """The token may not do this."""

    code, status, message = "scope_missing", 403, _("This key may only read: make one that may deliver.")


class EtagChanged(Refusal):
    """What is to be written is no longer what the caller has read."""

    code, status, message = "changed", 412, _("This has changed since you read it: read it again.")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer mp_…`. Raises: AuthenticationFailed (`bad_token`)."""

    def authenticate(self, request: Request) -> tuple[User, TokenUse] | None:
        kind, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        use = tokens.find_use(secret=secret.strip(), now=timezone.now())
        if use is None:
            raise AuthenticationFailed(_("This key is not valid, or no longer."), code="bad_token")
        return use.user, use

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the interface names it
        return 'Bearer realm="mediaplatform"'


class HasScope(BasePermission):
    """A person, or a program that may do what the method does: read with safe ones, deliver with others."""

    def has_permission(self, request: Request, _: APIView) -> bool:
        if not isinstance(request.user, User):
            return False
        needed = tokens.READ if request.method in SAFE_METHODS else tokens.DELIVER
        if isinstance(request.auth, TokenUse) and needed not in request.auth.scopes:
            raise ScopeMissing
        return True


class CallerRate(SimpleRateThrottle):
    """Requests a minute of a person, reads and writes apart. While the cache is down nobody is throttled."""

    rate = f"{READS_A_MINUTE}/min"

    def __init__(self) -> None:
        super().__init__()
        self.limits = {True: READS_A_MINUTE, False: WRITES_A_MINUTE}

    def get_cache_key(self, request: Request, view: APIView) -> str:  # noqa: ARG002 - the interface names it
        is_read = request.method in SAFE_METHODS
        self.num_requests = self.limits[is_read]
        return f"rate:catalog:{is_read}:{request.user.pk}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            return True


class StrangerRate(CallerRate):
    """Requests a minute of an address, for what anybody may read."""

    rate = f"{STRANGERS_A_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        if isinstance(request.user, User):
            return super().get_cache_key(request, view)
        self.num_requests = STRANGERS_A_MINUTE
        address = request.META.get("REMOTE_ADDR", "")
        return f"rate:catalog:{hashlib.sha256(address.encode()).hexdigest()[:32]}"


class CatalogEndpoint(APIView):
    """What all endpoints of the catalogue have in common; denies by default."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [CallerRate]


def user_of(request: Request) -> User:
    """Return who is asking. Raises: NotAuthenticated."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def audience_of(request: Request) -> Audience | None:
    """Return the patron's audience that the middleware found."""
    found = getattr(request._request, "audience", None)  # noqa: SLF001 - DRF's way to the request
    return found if isinstance(found, Audience) else None


def etag_of(data: object) -> str:
    """Return the entity tag of an answer: it changes with any byte of it."""
    return quote_etag(hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32])


def answer(request: Request, data: Any, *, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a read with its entity tag, or 304 without a body where the caller has it (RFC 9110, 13.1.2)."""
    etag = etag_of(data)
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    is_known = "*" in asked or etag in {one.removeprefix("W/") for one in asked}
    response = Response(status=304) if is_known else Response(data)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    for name, value in (headers or {}).items():
        response[name] = value
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    return response


def check_unchanged(request: Request, data: object) -> None:
    """Refuse a write whose `If-Match` is not the tag of what is there now. Raises: EtagChanged."""
    asked = parse_etags(request.headers.get("If-Match", ""))
    if asked and "*" not in asked and etag_of(data) not in asked:
        raise EtagChanged


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 - the interface names it
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key that a person makes on the page “API keys”, with the scopes read or deliver.",
        }


class PersonScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the cookie of a signed-in person."""

    target_class = SessionAuthentication
    name = "personSession"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 - the interface names it
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
