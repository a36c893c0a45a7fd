"""Releases: what a patron sees, as its deliverer reads it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, answer, user_of
from catalog.api.errors import refusing
from catalog.holdings import selectors, words
from mediaplatform.infrastructure.problem_schema import refusals

EXAMPLE = {
    "id": 7,
    "deliverer": "rive-gauche",
    "reference": "RG-012",
    "title": "Jardins",
    "subtitle": "",
    "medium": "music",
    "kind": "album",
    "status": "published",
    "released_on": "2026-01-15",
    "ean": "3700551782611",
    "label": "Rive Gauche",
    "languages": ["fr"],
    "subjects": ["chanson"],
    "min_age": None,
    "pegi": None,
    "is_explicit": False,
    "is_youth": False,
    "resource_count": 11,
    "published_at": "2026-01-15T08:00:00+01:00",
    "withdrawn_at": None,
    "updated_at": "2026-01-15T08:00:00+01:00",
}


class ReleaseItem(serializers.Serializer[Any]):
    """A release."""

    id = serializers.IntegerField()
    deliverer = serializers.CharField()
    reference = serializers.CharField(help_text="the deliverer's own")
    title = serializers.CharField()
    subtitle = serializers.CharField(allow_blank=True)
    medium = serializers.ChoiceField(words.MEDIA)
    kind = serializers.ChoiceField(words.KINDS)
    status = serializers.ChoiceField(words.RELEASE_STATES)
    released_on = serializers.DateField(allow_null=True)
    ean = serializers.CharField(allow_blank=True)
    label = serializers.SerializerMethodField(help_text="label or publisher; may be empty")  # type: ignore[assignment]  # a name that DRF has too
    languages = serializers.ListField(child=serializers.CharField(), help_text="ISO 639")
    subjects = serializers.ListField(child=serializers.CharField())
    min_age = serializers.IntegerField(allow_null=True, help_text="null: not rated, hidden from youth")
    pegi = serializers.IntegerField(allow_null=True)
    is_explicit = serializers.BooleanField()
    is_youth = serializers.BooleanField()
    resource_count = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()

    def get_label(self, release: Any) -> str:
        return str(release.label or "")


class Releases(CatalogEndpoint):
    """All releases of the caller's deliverers."""

    class Query(asked.PageIn):
        deliverer = serializers.CharField(max_length=100, required=False)
        medium = serializers.ChoiceField(words.MEDIA, required=False)
        status = serializers.ChoiceField(words.RELEASE_STATES, required=False)
        reference = serializers.CharField(max_length=100, required=False)
        ean = serializers.CharField(max_length=14, required=False)
        q = serializers.CharField(
            max_length=200, required=False, help_text="words that published releases are found by"
        )

    class Out(serializers.Serializer[Any]):
        items = ReleaseItem(many=True)
        next = serializers.CharField(allow_null=True, help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "ReleasePage"

    @extend_schema(
        operation_id="releases_list",
        parameters=asked.describe(Query, ReleaseItem),
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token"),
        },
        examples=[OpenApiExample("One page", {"items": [EXAMPLE], "next": "aWQ6Nw=="}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """List releases in the order in which they came: a later call with the last cursor finds the new ones."""
        said = asked.read(request, self.Query)
        found = selectors.list_releases(
            user=user_of(request),
            wanted=asked.filters_of(said, "deliverer", "medium", "status", "reference", "ean"),
            query=said.get("q", ""),
            asked=asked.page_of(said),
        )
        data, headers = asked.page(request, ReleaseItem, found)
        return answer(request, data, headers=headers)


class OneRelease(CatalogEndpoint):
    """One release."""

    class Out(ReleaseItem):
        class Credit(serializers.Serializer[Any]):
            party_id = serializers.IntegerField()
            name = serializers.CharField(source="party.name")
            role = serializers.ChoiceField(words.ROLES)
            resource_id = serializers.IntegerField(allow_null=True, help_text="null: of the whole release")

            class Meta:
                ref_name = "ReleaseCredit"

        class Availability(serializers.Serializer[Any]):
            countries = serializers.ListField(
                child=serializers.CharField(), help_text="ISO 3166-1; empty: the world"
            )
            starts_on = serializers.DateField()
            ends_on = serializers.DateField(
                allow_null=True, help_text="the first day it is not shown any more"
            )

            class Meta:
                ref_name = "ReleaseAvailability"

        class Part(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            reference = serializers.CharField()
            position = serializers.IntegerField()
            title = serializers.CharField()
            isrc = serializers.CharField(allow_blank=True)
            duration_s = serializers.IntegerField(allow_null=True)
            is_withdrawn = serializers.SerializerMethodField()

            class Meta:
                ref_name = "ReleasePart"

            def get_is_withdrawn(self, resource: Any) -> bool:
                return resource.withdrawn_at is not None

        description = serializers.CharField(allow_blank=True)
        pegi_descriptors = serializers.ListField(child=serializers.CharField())
        credits = Credit(many=True, source="credits.all")
        availabilities = Availability(many=True, source="availabilities.all")
        resources = Part(many=True, source="resources.all")

        class Meta:
            ref_name = "Release"

    @extend_schema(
        operation_id="releases_get",
        parameters=[asked.fields_parameter(Out), asked.ETAG_KNOWN],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token", _404="not_found"),
        },
    )
    def get(self, request: Request, release_id: int) -> Response:
        """Show a release with its credits, where it may be shown, and its parts."""
        with refusing():
            found = selectors.get_release(user=user_of(request), release_id=release_id)
        return answer(request, asked.pick(request, self.Out(found)))
