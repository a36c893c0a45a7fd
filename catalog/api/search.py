"""Search in the catalogue as a library's patron sees it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api import asked
from catalog.api.access import CallerRate, CatalogEndpoint, answer, audience_of
from catalog.api.errors import refusing
from catalog.holdings import words
from catalog.works.search import catalogue, facets, results
from mediaplatform.infrastructure.problem_schema import refusals
from mediaplatform.infrastructure.problems import Refusal

MOST_CURSOR = 400
EXAMPLE = {
    "items": [
        {
            "id": 7,
            "title": "Jardins",
            "artist": "Ana Roux",
            "medium": "music",
            "kind_label": "album",
            "year": 2026,
            "place_name": "Firminy",
            "proximity": "epci",
            "cover_url": "/covers/7/320.webp",
            "url": "/works/7/jardins/",
            "play_url": "",
            "is_playable": True,
        }
    ],
    "total": 1,
    "is_capped": False,
    "meant": "",
    "facets": [],
    "next": None,
}


class NoPatron(Refusal):
    """Nobody of a library is asking."""

    code, status, message = "no_patron", 401, _("Enter by your library's page to search its catalogue.")


class HasAudience(BasePermission):
    """Only for patrons, by the session of their library's page. Raises: NoPatron."""

    def has_permission(self, request: Request, _: APIView) -> bool:
        if audience_of(request) is None:
            raise NoPatron
        return True


class PatronReads(CallerRate):
    """Searches a minute of a patron."""

    def get_cache_key(self, request: Request, view: APIView) -> str:  # noqa: ARG002 - the interface names it
        audience = audience_of(request)
        return f"rate:search:{audience.patron_id if audience else 0}"


class Search(CatalogEndpoint):
    """Works that a patron may see, by words and facets."""

    authentication_classes = []
    permission_classes = [HasAudience]
    throttle_classes = [PatronReads]

    class Query(serializers.Serializer[dict[str, object]]):
        q = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
        sort = serializers.ChoiceField(results.SORTS, required=False)
        cursor = serializers.CharField(max_length=MOST_CURSOR, required=False, allow_blank=True, default="")
        limit = serializers.IntegerField(min_value=1, max_value=results.MOST_A_PAGE, default=results.PAGE)

    class Out(serializers.Serializer[Any]):
        class Hit(serializers.Serializer[Any]):
            id = serializers.IntegerField()
            title = serializers.CharField()
            artist = serializers.CharField(allow_blank=True)
            medium = serializers.ChoiceField(words.MEDIA)
            kind_label = serializers.CharField(help_text="in the reader's language")
            year = serializers.IntegerField(allow_null=True)
            place_name = serializers.CharField(allow_blank=True, help_text="where its nearest maker lives")
            proximity = serializers.CharField(allow_blank=True, help_text="of that maker to the library")
            cover_url = serializers.CharField(allow_blank=True)
            url = serializers.CharField()
            play_url = serializers.CharField(allow_blank=True, help_text="empty for music")
            is_playable = serializers.BooleanField()

            class Meta:
                ref_name = "SearchHit"

        class Facet(serializers.Serializer[Any]):
            class Value(serializers.Serializer[Any]):
                value = serializers.CharField()
                label = serializers.CharField()  # type: ignore[assignment]  # a name that DRF has too
                count = serializers.IntegerField()
                is_chosen = serializers.BooleanField()

                class Meta:
                    ref_name = "SearchFacetValue"

            code = serializers.ChoiceField(facets.FACETS)
            label = serializers.CharField()  # type: ignore[assignment]  # a name that DRF has too
            values = Value(many=True)
            is_capped = serializers.BooleanField()

            class Meta:
                ref_name = "SearchFacet"

        items = Hit(many=True, source="cards")
        total = serializers.IntegerField()
        is_capped = serializers.BooleanField(help_text="there are at least `total`")
        meant = serializers.CharField(allow_blank=True, help_text="the words that were looked for instead")
        facets = Facet(many=True, help_text="of the first page; empty beyond")
        next = serializers.SerializerMethodField(help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "SearchPage"

        def get_next(self, page: results.SearchPage) -> str | None:
            return page.next_cursor or None

    @extend_schema(
        operation_id="search",
        auth=[{"patronSession": []}],  # type: ignore[list-item]  # as drf-spectacular takes it
        parameters=[
            Query,
            *(
                OpenApiParameter(facet, {"type": "array", "items": {"type": "string"}}, explode=True)
                for facet in facets.FACETS
            ),
            asked.ETAG_KNOWN,
        ],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="no_patron", _422="bad_cursor"),
        },
        examples=[OpenApiExample("q=jardins", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Find works; several values of a facet widen it, different facets narrow each other."""
        query = {name: value for name, value in request.query_params.items() if name not in facets.FACETS}
        said = self.Query(data=query)
        said.is_valid(raise_exception=True)
        wanted = results.SearchRequest(
            query=said.validated_data["q"],
            sort=said.validated_data.get("sort", ""),
            cursor=said.validated_data["cursor"],
            limit=said.validated_data["limit"],
            chosen={
                facet: tuple(values)
                for facet in facets.FACETS
                if (values := request.query_params.getlist(facet))
            },
        )
        audience = audience_of(request)
        if audience is None:
            raise NoPatron
        with refusing():
            page = catalogue.search_catalogue(audience=audience, request=wanted)
        return answer(request, self.Out(page).data)
