"""How an API's description tells its refusals: problem details (RFC 9457) by status, with their codes."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from mediaplatform.infrastructure.problems import MEDIA_TYPE


class FaultOut(serializers.Serializer[dict[str, object]]):
    """One value that is not valid."""

    field = serializers.CharField(allow_blank=True, help_text="joined by dots; empty for the whole")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[dict[str, object]]):
    """Problem details (RFC 9457); `code` never changes."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    seats = serializers.IntegerField(required=False, help_text="profile_full, library_full: how many")
    retry_after_s = serializers.IntegerField(required=False, help_text="when a seat is likely free")
    limit_bytes = serializers.IntegerField(required=False, help_text="quota_full: how much there may be")
    files = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="file_changed: which, by id"
    )
    faults = FaultOut(many=True, required=False)


def refusals(**codes: str) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the described refusals: `refusals(_401="no_patron")` -> an answer 401 of problem+json."""
    return {
        (int(status.removeprefix("_")), MEDIA_TYPE): OpenApiResponse(ProblemOut, description=said)
        for status, said in {"_429": "throttled", **codes}.items()
    }
