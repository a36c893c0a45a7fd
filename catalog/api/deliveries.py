"""Deliveries: handing an upload over, and what came of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, answer, user_of
from catalog.api.errors import refusing
from catalog.holdings import selectors, words
from catalog.uploads import services as uploads
from mediaplatform.infrastructure.problem_schema import refusals

EXAMPLE = {
    "id": 41,
    "deliverer": "rive-gauche",
    "state": "refused",
    "received_at": "2026-11-27T09:30:00+01:00",
    "sent_by": "Lena",
    "summary": {},
    "fault_count": 1,
    "release_count": 0,
}


class DeliveryItem(serializers.Serializer[Any]):
    """A delivery."""

    id = serializers.IntegerField()
    deliverer = serializers.CharField()
    state = serializers.ChoiceField(words.DELIVERY_STATES)
    received_at = serializers.DateTimeField()
    sent_by = serializers.SerializerMethodField()
    summary = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text='how many of a kind were created, changed…: {"release": {"created": 3}}',
    )
    fault_count = serializers.IntegerField()
    release_count = serializers.IntegerField()

    def get_sent_by(self, delivery: Any) -> str:
        return str(delivery.sent_by or "")


class Deliveries(CatalogEndpoint):
    """All deliveries of the caller's deliverers."""

    class Query(asked.PageIn):
        deliverer = serializers.CharField(max_length=100, required=False)
        state = serializers.ChoiceField(words.DELIVERY_STATES, required=False)

    class In(serializers.Serializer[dict[str, object]]):
        upload_id = serializers.UUIDField(help_text="of an upload whose files have all arrived")

        class Meta:
            ref_name = "DeliveryIn"

    class Out(serializers.Serializer[Any]):
        items = DeliveryItem(many=True)
        next = serializers.CharField(allow_null=True, help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "DeliveryPage"

    @extend_schema(
        operation_id="deliveries_list",
        parameters=asked.describe(Query, DeliveryItem),
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token"),
        },
        examples=[OpenApiExample("One page", {"items": [EXAMPLE], "next": None}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """List deliveries, the newest first."""
        said = asked.read(request, self.Query)
        found = selectors.list_deliveries(
            user=user_of(request),
            wanted=asked.filters_of(said, "deliverer", "state"),
            asked=asked.page_of(said),
        )
        data, headers = asked.page(request, DeliveryItem, found)
        return answer(request, data, headers=headers)

    @extend_schema(
        operation_id="deliveries_create",
        request=In,
        responses={
            201: DeliveryItem,
            **refusals(
                _400="invalid",
                _401="not_authenticated, bad_token",
                _403="scope_missing, permission_denied",
                _404="not_found",
                _409="files_incomplete, upload_over, handing_over",
                _422="empty, too_large",
            ),
        },
        examples=[
            OpenApiExample(
                "An upload that has arrived",
                {"upload_id": "5b0f5f2e-2ab1-4be0-9a0f-9e0c6cbb6a11"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Hand a finished upload over. The same upload again gives the same delivery."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        user = user_of(request)
        with refusing():
            made = uploads.hand_over(user=user, upload_id=said.validated_data["upload_id"])
            delivery = selectors.get_delivery(user=user, delivery_id=made.pk).delivery
        place = reverse("catalog_api:delivery", args=[delivery.pk])
        return Response(DeliveryItem(delivery).data, status=201, headers={"Location": place})


class OneDelivery(CatalogEndpoint):
    """One delivery."""

    class Out(DeliveryItem):
        class Fault(serializers.Serializer[Any]):
            file = serializers.CharField()
            row = serializers.IntegerField(allow_null=True, help_text="line of the sheet or message")
            column = serializers.CharField(allow_blank=True, help_text="of a sheet; the XPath in a message")
            code = serializers.CharField()
            message = serializers.CharField(
                source="words", help_text="in the language that `Accept-Language` asks for"
            )
            is_warning = serializers.BooleanField(help_text="to know: it refuses nothing, and is not counted")

            class Meta:
                ref_name = "DeliveryFault"

        class Progress(serializers.Serializer[Any]):
            ready = serializers.IntegerField()
            failed = serializers.IntegerField()
            total = serializers.IntegerField()
            percent = serializers.IntegerField()

            class Meta:
                ref_name = "PackagingProgress"

        class Waiver(serializers.Serializer[Any]):
            release_id = serializers.IntegerField()
            reason = serializers.CharField()
            allowed_at = serializers.DateTimeField()

            class Meta:
                ref_name = "RightsWaiver"

        is_held = serializers.BooleanField(help_text="kept back until it is published by hand")
        waivers = serializers.SerializerMethodField(
            help_text="works let out although their shares are not whole"
        )
        faults = serializers.SerializerMethodField(
            help_text="the first thousand: those that refuse it (`fault_count`), then warnings"
        )
        packages = serializers.SerializerMethodField(help_text="how far what is streamed of it is made")

        class Meta:
            ref_name = "Delivery"

        @extend_schema_field(Fault(many=True))
        def get_faults(self, _delivery: Any) -> list[dict[str, Any]]:
            return [dict(self.Fault(one).data) for one in self.context["faults"]]

        @extend_schema_field(Waiver(many=True))
        def get_waivers(self, _delivery: Any) -> list[dict[str, Any]]:
            return [dict(self.Waiver(one).data) for one in self.context["waivers"]]

        @extend_schema_field(Progress)
        def get_packages(self, _delivery: Any) -> dict[str, int]:
            progress = self.context["progress"]
            return {name: getattr(progress, name) for name in ("ready", "failed", "total", "percent")}

    @extend_schema(
        operation_id="deliveries_get",
        parameters=[asked.fields_parameter(Out), asked.ETAG_KNOWN],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401="not_authenticated, bad_token", _404="not_found"),
        },
    )
    def get(self, request: Request, delivery_id: int) -> Response:
        """Show what is wrong with a delivery, or how far it is."""
        out = read_delivery(request, delivery_id)
        return answer(request, asked.pick(request, out))


def read_delivery(request: Request, delivery_id: int) -> OneDelivery.Out:
    """Return a delivery's whole answer. Raises: NotFound, for whoever may not see it."""
    with refusing():
        found = selectors.get_delivery(user=user_of(request), delivery_id=delivery_id)
    context = {"faults": found.faults, "progress": found.progress, "waivers": found.waivers}
    return OneDelivery.Out(found.delivery, context=context)
