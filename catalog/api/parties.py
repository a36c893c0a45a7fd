"""Parties: who is credited on the caller's releases."""

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
    "id": 3,
    "name": "Ana Roux",
    "kind": "person",
    "isni": "0000000121032683",
    "home": {"level": "commune", "code": "42095", "name": "Firminy"},
    "website": "",
}


class Home(serializers.Serializer[Any]):
    """A territory, by level and code."""

    level = serializers.ChoiceField(words.LEVELS)
    code = serializers.CharField()
    name = serializers.CharField()


class PartyItem(serializers.Serializer[Any]):
    """A person or organisation with credits."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(words.PARTY_KINDS)
    isni = serializers.CharField(allow_blank=True)
    home = Home(allow_null=True)
    website = serializers.CharField(allow_blank=True)


class Parties(CatalogEndpoint):
    """All parties of the caller's releases."""

    class Query(asked.PageIn):
        q = serializers.CharField(max_length=100, required=False, help_text="part of a name, or an ISNI")

    class Out(serializers.Serializer[Any]):
        items = PartyItem(many=True)
        next = serializers.CharField(allow_null=True, help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "PartyPage"

    @extend_schema(
        operation_id="parties_list",
        parameters=asked.describe(Query, PartyItem),
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token"),
        },
        examples=[OpenApiExample("One page", {"items": [EXAMPLE], "next": None}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """List who is credited on the caller's releases, or is their label."""
        said = asked.read(request, self.Query)
        found = selectors.list_parties(
            user=user_of(request), query=said.get("q", ""), asked=asked.page_of(said)
        )
        data, headers = asked.page(request, PartyItem, found)
        return answer(request, data, headers=headers)


class OneParty(CatalogEndpoint):
    """One party."""

    class Out(PartyItem):
        biography = serializers.CharField(allow_blank=True)

        class Meta:
            ref_name = "Party"

    @extend_schema(
        operation_id="parties_get",
        parameters=[asked.fields_parameter(Out), asked.ETAG_KNOWN],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token", _404="not_found"),
        },
    )
    def get(self, request: Request, party_id: int) -> Response:
        """Show somebody who is credited on the caller's releases."""
        with refusing():
            found = selectors.get_party(user=user_of(request), party_id=party_id)
        return answer(request, asked.pick(request, self.Out(found)))
