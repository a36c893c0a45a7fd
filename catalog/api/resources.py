"""Resources: what is played, with what was made of it and who is paid."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, answer, user_of
from catalog.api.errors import refusing
from catalog.holdings import selectors, words
from mediaplatform.infrastructure.problem_schema import refusals

EXAMPLE = {
    "id": 31,
    "release_id": 7,
    "reference": "RG-012-01",
    "position": 1,
    "title": "Le Jardin d’hiver",
    "medium": "music",
    "isrc": "FRX762600101",
    "duration_s": 214,
    "withdrawn_at": None,
    "package": {"state": "ready", "percent": 100, "fault_code": "", "fault_detail": ""},
}


class PackageState(serializers.Serializer[Any]):
    """What is streamed of a resource, as far as it is made."""

    state = serializers.ChoiceField(words.PACKAGE_STATES)
    percent = serializers.IntegerField(source="progress")
    fault_code = serializers.CharField(allow_blank=True)
    fault_detail = serializers.CharField(allow_blank=True, source="fault_words")


class ResourceItem(serializers.Serializer[Any]):
    """A track, episode, text or bundle."""

    id = serializers.IntegerField()
    release_id = serializers.IntegerField()
    reference = serializers.CharField(help_text="the deliverer's own")
    position = serializers.IntegerField()
    title = serializers.CharField()
    medium = serializers.ChoiceField(words.MEDIA)
    isrc = serializers.CharField(allow_blank=True)
    duration_s = serializers.IntegerField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    package = serializers.SerializerMethodField(help_text="the newest; null before there is one")

    class Meta:
        ref_name = "ResourceItem"

    @extend_schema_field(PackageState(allow_null=True))
    def get_package(self, resource: Any) -> Any:
        newest = next(iter(resource.packages.all()), None)
        return newest and PackageState(newest).data


class Resources(CatalogEndpoint):
    """All resources of the caller's deliverers."""

    class Query(asked.PageIn):
        release_id = serializers.IntegerField(min_value=1, max_value=asked.LARGEST_ID, required=False)
        reference = serializers.CharField(max_length=100, required=False)
        isrc = serializers.CharField(max_length=12, required=False)

    class Out(serializers.Serializer[Any]):
        items = ResourceItem(many=True)
        next = serializers.CharField(allow_null=True, help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "ResourcePage"

    @extend_schema(
        operation_id="resources_list",
        parameters=asked.describe(Query, ResourceItem),
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token"),
        },
        examples=[OpenApiExample("One page", {"items": [EXAMPLE], "next": None}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """List resources in the order in which they came."""
        said = asked.read(request, self.Query)
        found = selectors.list_resources(
            user=user_of(request),
            wanted=asked.filters_of(said, "release_id", "reference", "isrc"),
            asked=asked.page_of(said),
        )
        data, headers = asked.page(request, ResourceItem, found)
        return answer(request, data, headers=headers)


class OneResource(CatalogEndpoint):
    """One resource."""

    class Out(ResourceItem):
        class Original(serializers.Serializer[Any]):
            sha256 = serializers.CharField()
            size_bytes = serializers.IntegerField()
            content_type = serializers.CharField()
            filename = serializers.CharField()

            class Meta:
                ref_name = "ResourceOriginal"

        class Share(serializers.Serializer[Any]):
            payee = serializers.CharField(source="payee.legal_name")
            share_bp = serializers.IntegerField(help_text="basis points; 10,000 in all on any day")
            valid_from = serializers.DateField()
            valid_to = serializers.DateField(
                allow_null=True, help_text="the first day it is not valid any more"
            )

            class Meta:
                ref_name = "ResourceShare"

        loudness_lufs = serializers.FloatField(allow_null=True, help_text="integrated, EBU R 128")
        true_peak_dbtp = serializers.FloatField(allow_null=True)
        original = Original(allow_null=True, help_text="the file as delivered")
        shares = Share(many=True, source="rights_shares.all")

        class Meta:
            ref_name = "Resource"

    @extend_schema(
        operation_id="resources_get",
        parameters=[asked.fields_parameter(Out), asked.ETAG_KNOWN],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token", _404="not_found"),
        },
    )
    def get(self, request: Request, resource_id: int) -> Response:
        """Show a resource with its original, its package and its rights shares."""
        with refusing():
            found = selectors.get_resource(user=user_of(request), resource_id=resource_id)
        return answer(request, asked.pick(request, self.Out(found)))
