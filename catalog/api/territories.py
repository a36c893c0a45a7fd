"""Territories: the official geography, for anybody; a delivery names towns by their codes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, StrangerRate, answer
from catalog.api.errors import NotFound
from catalog.holdings import words
from catalog.territories import selectors
from mediaplatform.infrastructure.problem_schema import refusals

EXAMPLE = {
    "level": "commune",
    "code": "42095",
    "name": "Firminy",
    "population": 16_899,
    "vintage": 2026,
    "postal_codes": ["42700"],
    "epci_code": "244200770",
    "departement_code": "42",
    "region_code": "84",
    "country_code": "FR",
}


class Territory(serializers.Serializer[Any]):
    """A commune, EPCI, département or region (INSEE), or a country (ISO 3166)."""

    level = serializers.ChoiceField(words.LEVELS)
    code = serializers.CharField()
    name = serializers.CharField()
    population = serializers.IntegerField()
    vintage = serializers.IntegerField(help_text="year of the official list")
    postal_codes = serializers.ListField(child=serializers.CharField())
    epci_code = serializers.CharField(allow_blank=True)
    departement_code = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    country_code = serializers.CharField()


class Territories(CatalogEndpoint):
    """Territories by what somebody types."""

    permission_classes = [AllowAny]
    throttle_classes = [StrangerRate]

    class Query(serializers.Serializer[dict[str, object]]):
        q = serializers.CharField(
            min_length=2, max_length=100, help_text="a name as one types it, an INSEE or a postal code"
        )
        level = serializers.ChoiceField(words.LEVELS, required=False)
        limit = serializers.IntegerField(min_value=1, max_value=50, default=20)

    class Out(serializers.Serializer[Any]):
        items = Territory(many=True)

        class Meta:
            ref_name = "TerritoryList"

    @extend_schema(
        operation_id="territories_list",
        auth=[{}],  # type: ignore[list-item]  # no key is an answer too
        parameters=asked.describe(Query, Territory),
        responses={200: Out, **asked.UNCHANGED, **refusals(_400="invalid", _401="bad_token")},
        examples=[OpenApiExample("q=firmini: typos are forgiven", {"items": [EXAMPLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Find territories: exact names and codes first, then beginnings, then what is alike; the larger first."""
        said = asked.read(request, self.Query)
        levels = (said["level"],) if said.get("level") else tuple(words.LEVELS)
        found = selectors.search_territories(text=said["q"], levels=levels, limit=said["limit"])
        return answer(request, {"items": asked.pick(request, Territory(found, many=True))})


class OneTerritory(CatalogEndpoint):
    """A territory by level and code."""

    permission_classes = [AllowAny]
    throttle_classes = [StrangerRate]

    @extend_schema(
        operation_id="territories_get",
        auth=[{}],  # type: ignore[list-item]  # no key is an answer too
        parameters=[asked.fields_parameter(Territory), asked.ETAG_KNOWN],
        responses={
            200: Territory,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="bad_token", _404="not_found"),
        },
        examples=[OpenApiExample("A town", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, level: str, code: str) -> Response:
        """Show a territory."""
        found = selectors.find_territory(level=level, code=code)
        if found is None:
            raise NotFound
        return answer(request, asked.pick(request, Territory(found)))
