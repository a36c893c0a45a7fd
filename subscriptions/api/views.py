"""The endpoints of the player: one class each, with what goes in and what comes out."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.streaming.delivery import Place, choice
from catalog.streaming.grants import Grant
from catalog.works import selectors as works
from catalog.works.errors import ReleaseNotVisible
from mediaplatform.infrastructure.problem_schema import refusals
from subscriptions.access import history, policy, services
from subscriptions.access.services import PlaybackRefused
from subscriptions.api.authentication import PatronEndpoint, audience_of

HEARTBEAT_EVERY_S = 10
RENEW_BEFORE_END = timedelta(minutes=2)
MEDIA = ["music", "video", "book", "game"]


class PlaybackOpen(PatronEndpoint):
    """Open a playback session on a resource."""

    class In(serializers.Serializer[dict[str, object]]):
        resource_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
        source = serializers.ChoiceField(["web"], default="web")  # type: ignore[assignment]  # a name that DRF has too

        class Meta:
            ref_name = "PlaybackOpenIn"

    class Out(serializers.Serializer[dict[str, object]]):
        class Resource(serializers.Serializer[dict[str, object]]):
            class ReplayGain(serializers.Serializer[dict[str, object]]):
                track_gain_db = serializers.FloatField(help_text="to -18 LUFS, as ReplayGain 2.0 has it")
                track_peak = serializers.FloatField(help_text="linear, 1 is full scale")
                album_gain_db = serializers.FloatField()
                album_peak = serializers.FloatField()

                class Meta:
                    ref_name = "ReplayGain"

            class Gapless(serializers.Serializer[dict[str, object]]):
                sample_rate = serializers.IntegerField()
                delay = serializers.IntegerField(help_text="samples of the encoder's before the first one")
                samples = serializers.IntegerField(help_text="of the recording itself")
                padding = serializers.IntegerField(help_text="samples of the encoder's after the last one")

                class Meta:
                    ref_name = "Gapless"

            id = serializers.IntegerField()
            title = serializers.CharField()
            duration_s = serializers.IntegerField(allow_null=True)
            gain_db = serializers.FloatField(help_text="to -16 LUFS")
            album_gain_db = serializers.FloatField(help_text="brings its album as a whole to -16 LUFS")
            replay_gain = ReplayGain(allow_null=True)
            gapless = Gapless(allow_null=True)
            waveform = serializers.ListField(
                child=serializers.IntegerField(min_value=0, max_value=100), allow_null=True
            )
            release_id = serializers.IntegerField()
            release_title = serializers.CharField()
            release_url = serializers.CharField()
            artist = serializers.CharField()
            cover_url = serializers.CharField(allow_blank=True)

            class Meta:
                ref_name = "PlayedResource"

        class Resume(serializers.Serializer[dict[str, object]]):
            position_s = serializers.IntegerField()
            locator = serializers.CharField(allow_blank=True, help_text="a place in a book")

            class Meta:
                ref_name = "ResumePosition"

        session_id = serializers.UUIDField()
        token = serializers.CharField()
        expires_at = serializers.DateTimeField()
        renew_after_s = serializers.IntegerField()
        base_url = serializers.CharField()
        medium = serializers.ChoiceField(MEDIA)
        manifest_url = serializers.CharField()
        heartbeat_url = serializers.CharField()
        close_url = serializers.CharField(help_text="POST, no body: frees the seat; fit for a beacon")
        heartbeat_every_s = serializers.IntegerField()
        resource = Resource()
        resume = Resume(allow_null=True, help_text="null unless history is on and something was begun")

        class Meta:
            ref_name = "PlaybackOpenOut"

    @extend_schema(
        operation_id="playback_open",
        request=In,
        responses={
            200: Out,
            **refusals(
                _400="invalid",
                _401="no_patron",
                _403="no_subscription, not_included, csrf_failed",
                _404="not_visible",
                _409="not_ready, profile_full, library_full",
                _503="seats_unavailable",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Answer with a grant of ten minutes at most and the addresses under its token."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        audience = audience_of(request)
        opened = services.open_playback(
            audience=audience,
            browser=request.session.session_key or "",
            now=timezone.now(),
            **said.validated_data,
        )
        playable = opened.playable
        place = choice.get_delivery().place(grant=opened.grant, token=opened.token)
        position = history.find_position(profile_id=audience.profile_id, resource_id=playable.resource_id)
        out = self.Out(
            {
                **_addresses(opened.token, opened.grant, place),
                "session_id": opened.grant.session_id,
                "medium": playable.medium,
                "manifest_url": place.base_url + playable.entry,
                "heartbeat_every_s": HEARTBEAT_EVERY_S,
                "resource": {"id": playable.resource_id, **dataclasses.asdict(playable)},
                "resume": position,
            }
        )
        return _with_cookies(Response(out.data), place)


class PlaybackRenew(PatronEndpoint):
    """Renew a running session's grant."""

    class In(serializers.Serializer[dict[str, object]]):
        token = serializers.CharField(max_length=400)

        class Meta:
            ref_name = "PlaybackRenewIn"

    class Out(serializers.Serializer[dict[str, object]]):
        token = serializers.CharField()
        expires_at = serializers.DateTimeField()
        renew_after_s = serializers.IntegerField()
        base_url = serializers.CharField()
        heartbeat_url = serializers.CharField()
        close_url = serializers.CharField()

        class Meta:
            ref_name = "PlaybackRenewOut"

    @extend_schema(
        operation_id="playback_renew",
        request=In,
        responses={
            200: Out,
            **refusals(
                _400="invalid",
                _401="no_patron",
                _403="no_subscription, not_included, not_yours, bad_token, ended, csrf_failed",
                _404="not_visible",
                _409="session_over, profile_full, library_full",
                _503="seats_unavailable",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Answer with the next token of the same session; the last one, even expired, is the ticket."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        renewed = services.renew_playback(
            audience=audience_of(request), token=said.validated_data["token"], now=timezone.now()
        )
        place = choice.get_delivery().place(grant=renewed.grant, token=renewed.token)
        return _with_cookies(Response(self.Out(_addresses(renewed.token, renewed.grant, place)).data), place)


class ReleaseQueue(PatronEndpoint):
    """What of a release can be played, in order."""

    class Out(serializers.Serializer[dict[str, object]]):
        class Item(serializers.Serializer[dict[str, object]]):
            resource_id = serializers.IntegerField()
            title = serializers.CharField()
            artist = serializers.CharField()
            duration_s = serializers.IntegerField(allow_null=True)
            release_id = serializers.IntegerField()
            release_title = serializers.CharField()
            release_url = serializers.CharField()
            cover_url = serializers.CharField(allow_blank=True)
            medium = serializers.ChoiceField(MEDIA)

            class Meta:
                ref_name = "QueueItem"

        items = Item(many=True)

        class Meta:
            ref_name = "QueueOut"

    @extend_schema(
        operation_id="release_queue",
        responses={200: Out, **refusals(_401="no_patron", _404="not_visible")},
    )
    def get(self, request: Request, release_id: int) -> Response:
        """Answer with the release's playable resources."""
        try:
            items = works.list_queue(audience=audience_of(request), release_id=release_id)
        except ReleaseNotVisible as error:
            raise PlaybackRefused(policy.NOT_VISIBLE) from error
        return Response(self.Out({"items": items}).data)


def _addresses(token: str, grant: Grant, place: Place) -> dict[str, object]:
    life = grant.expires_at - grant.issued_at
    return {
        "token": token,
        "expires_at": grant.expires_at,
        "renew_after_s": int(max(life - RENEW_BEFORE_END, life / 2).total_seconds()),
        "base_url": place.base_url,
        "heartbeat_url": f"/m/{token}/heartbeat",
        "close_url": f"/m/{token}/close",
    }


def _with_cookies(answer: Response, place: Place) -> Response:
    """Add what opens the bytes at another host: cookies of one package's path, forgotten with the browser."""
    for cookie in place.cookies:
        answer.set_cookie(
            cookie.name,
            cookie.value,
            domain=cookie.domain or None,
            path=cookie.path,
            secure=True,
            httponly=True,
            samesite="Strict",
        )
    return answer
