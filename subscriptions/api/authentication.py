"""Who calls the API: a patron's browser, by its session cookie and its CSRF token."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from catalog.works.audience import Audience
from subscriptions.access import policy
from subscriptions.access.services import PlaybackRefused


class AudienceAuthentication(BaseAuthentication):
    """Takes the audience that the middleware found; the user stays anonymous, for a patron is none.

    Raises:
        PermissionDenied: `csrf_failed`, for a writing request without the token.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Audience] | None:
        audience: Audience | None = getattr(request._request, "audience", None)  # noqa: SLF001 - DRF's way to the request
        if audience is None:
            return None
        check = CSRFCheck(lambda _: HttpResponse())
        check.process_request(request._request)  # noqa: SLF001
        if reason := check.process_view(request._request, None, (), {}):  # type: ignore[arg-type]  # noqa: SLF001
            raise PermissionDenied(str(reason), code="csrf_failed")
        return AnonymousUser(), audience


def audience_of(request: Request) -> Audience:
    """Return who is asking.

    Raises:
        PlaybackRefused: no_patron.
    """
    if not isinstance(request.auth, Audience):
        raise PlaybackRefused(policy.NO_PATRON)
    return request.auth


class HasAudience(BasePermission):
    """Only for patrons."""

    def has_permission(self, request: Request, _: APIView) -> bool:
        """Raise PlaybackRefused (`no_patron`) for anybody else."""
        return bool(audience_of(request))


class PatronRate(SimpleRateThrottle):
    """Requests a minute by patron and endpoint: more than a person starts, fewer than a script.

    While the cache is down nobody is throttled.
    """

    rate = "120/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"rate:{type(view).__name__}:{audience_of(request).patron_id}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            return True


class PatronEndpoint(APIView):
    """What all endpoints of the player have in common; denies by default."""

    authentication_classes = [AudienceAuthentication]
    permission_classes = [HasAudience]
    throttle_classes = [PatronRate]


class AudienceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the session cookie."""

    target_class = AudienceAuthentication
    name = "patronSession"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 - the interface names it
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
