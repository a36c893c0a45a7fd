"""What games keep for a profile."""

from __future__ import annotations

import json

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaplatform.infrastructure.problem_schema import refusals
from subscriptions.access import saves
from subscriptions.api.authentication import PatronEndpoint, audience_of

MOST_LETTERS = 7 * saves.QUOTA  # each letter may be written as an escape of six


class GameSaves(PatronEndpoint):
    """What a game keeps for the profile that plays it: texts by key."""

    class In(serializers.Serializer[dict[str, object]]):
        token = serializers.CharField(max_length=400, help_text="of the session that plays the game")
        items = serializers.CharField(
            max_length=MOST_LETTERS, help_text="all of them: a JSON object of texts, written as text"
        )

        def validate_items(self, text: str) -> dict[str, str]:
            """Return the texts by key: a game may keep letters that are none in UTF-8, so they come escaped."""
            try:
                said = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise serializers.ValidationError("This is no JSON.") from error
            if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
                raise serializers.ValidationError("This is no object of texts.")
            return said

        class Meta:
            ref_name = "GameSavesIn"

    class Kept(serializers.Serializer[dict[str, object]]):
        is_kept = serializers.BooleanField(help_text="false: the profile does without, nothing was kept")

        class Meta:
            ref_name = "GameSavesKept"

    class Out(Kept):
        items = serializers.CharField(help_text="a JSON object of texts, written as text")
        profile_id = serializers.IntegerField(
            help_text="whose: a browser that keeps them alone tells profiles apart"
        )

        class Meta:
            ref_name = "GameSavesOut"

    @extend_schema(
        operation_id="saves_get",
        responses={200: Out, **refusals(_401="no_patron")},
    )
    def get(self, request: Request, resource_id: int) -> Response:
        """Return what the profile's game has kept; nothing for a game that it never played."""
        profile_id = audience_of(request).profile_id
        found = saves.get_saves(profile_id=profile_id, resource_id=resource_id)
        said = {"is_kept": found.is_kept, "items": json.dumps(dict(found.items)), "profile_id": profile_id}
        return Response(self.Out(said).data, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="saves_put",
        request=In,
        responses={
            200: Kept,
            **refusals(
                _400="invalid",
                _401="no_patron",
                _403="not_yours, bad_token, ended, csrf_failed",
                _422="saves_too_large",
            ),
        },
    )
    def put(self, request: Request, resource_id: int) -> Response:  # noqa: ARG002 - the token names the game
        """Keep these instead of what was kept before."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        is_kept = saves.write_saves(audience=audience_of(request), now=timezone.now(), **said.validated_data)
        return Response(self.Kept({"is_kept": is_kept}).data)
