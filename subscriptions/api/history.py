"""Going on elsewhere: where a playback stopped, for those who want it to be remembered."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaplatform.infrastructure.problem_schema import refusals
from subscriptions.access import history
from subscriptions.api.authentication import PatronEndpoint, audience_of

MAX_POSITION_S = 7 * 24 * 3600


class PlaybackPosition(PatronEndpoint):
    """Remember where a playback is."""

    class In(serializers.Serializer[dict[str, object]]):
        token = serializers.CharField(max_length=400)
        position_s = serializers.IntegerField(min_value=0, max_value=MAX_POSITION_S)
        locator = serializers.CharField(max_length=300, allow_blank=True, default="")

        class Meta:
            ref_name = "PlaybackPositionIn"

    class Out(serializers.Serializer[dict[str, object]]):
        is_kept = serializers.BooleanField(help_text="false: history is off, nothing was kept")

        class Meta:
            ref_name = "PlaybackPositionOut"

    @extend_schema(
        operation_id="playback_position",
        request=In,
        responses={
            200: Out,
            **refusals(_400="invalid", _401="no_patron", _403="not_yours, bad_token, ended, csrf_failed"),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep the position if the profile's history is on."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        kept = history.remember_position(
            audience=audience_of(request), now=timezone.now(), **said.validated_data
        )
        return Response(self.Out({"is_kept": kept}).data)


class ProfileHistory(PatronEndpoint):
    """Whether the profile's positions are remembered; off unless turned on."""

    class State(serializers.Serializer[dict[str, object]]):
        is_kept = serializers.BooleanField()

        class Meta:
            ref_name = "ProfileHistory"

    @extend_schema(
        operation_id="history_get",
        responses={200: State, **refusals(_401="no_patron")},
    )
    def get(self, request: Request) -> Response:
        """Tell whether it is on."""
        return self._answer(audience_of(request).profile_id)

    @extend_schema(
        operation_id="history_put",
        request=State,
        responses={200: State, **refusals(_400="invalid", _401="no_patron", _403="csrf_failed")},
    )
    def put(self, request: Request) -> Response:
        """Turn it on or off; off forgets all of it."""
        said = self.State(data=request.data)
        said.is_valid(raise_exception=True)
        profile_id = audience_of(request).profile_id
        history.keep(profile_id=profile_id, wanted=said.validated_data["is_kept"])
        return self._answer(profile_id)

    def _answer(self, profile_id: int) -> Response:
        return Response(self.State({"is_kept": history.is_kept(profile_id=profile_id)}).data)
