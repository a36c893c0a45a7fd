"""What people and programs decide about a delivery: yes, no, out with it, back with it, out without whole shares."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, check_unchanged, user_of
from catalog.api.deliveries import OneDelivery, read_delivery
from catalog.api.errors import RollbackNotPossible
from catalog.ingest import rollback, services
from catalog.ingest.rollback import RollbackRefused
from mediaplatform.infrastructure.db import LockTaken
from mediaplatform.infrastructure.problem_schema import refusals
from mediaplatform.infrastructure.problems import Refusal


class NotWaiting(Refusal):
    """The delivery waits for no word."""

    code, message = "not_waiting", _("This delivery does not wait for a word any more.")


class NotHeld(Refusal):
    """There is nothing to let out."""

    code, message = "not_held", _("This delivery is not kept back, or not taken over yet.")


class Busy(Refusal):
    """Another delivery of the same deliverer is being written."""

    code, message = "busy", _("Another delivery of this deliverer is being taken over: try again soon.")


class OperatorsOnly(Refusal):
    """An operator decides that."""

    code, status, message = (
        "permission_denied",
        403,
        _("Only the cooperative lets works out without whole shares."),
    )


class NothingToWaive(Refusal):
    """No work of the delivery waits for its shares."""

    code, message = "nothing_to_waive", _("No work of this delivery waits for its shares.")


def acts_refused(conflicts: str, *, invalid: str = "invalid") -> dict[Any, Any]:
    """Return the described refusals of an act; `conflicts` are its own codes."""
    return refusals(
        _400=invalid,
        _401="not_authenticated, bad_token",
        _403="scope_missing, permission_denied",
        _404="not_found",
        _409=conflicts,
        _412="changed",
    )


WORD_REFUSALS = acts_refused("not_waiting")


class ConfirmDelivery(CatalogEndpoint):
    """Yes to what a delivery would change."""

    class In(serializers.Serializer[dict[str, object]]):
        is_held = serializers.BooleanField(
            default=False, help_text="publish it later, on its page, not as soon as it is ready"
        )

        class Meta:
            ref_name = "DeliveryConfirmIn"

    @extend_schema(
        operation_id="deliveries_confirm",
        request=In,
        parameters=[asked.ETAG_EXPECTED],
        responses={200: OneDelivery.Out, **WORD_REFUSALS},
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Take a previewed delivery over. Its `ETag` as `If-Match` makes sure that it is what you have read."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        check_unchanged(request, read_delivery(request, delivery_id).data)
        if not services.confirm_delivery(
            delivery_id=delivery_id, user=user_of(request), **said.validated_data
        ):
            raise NotWaiting
        return Response(read_delivery(request, delivery_id).data)


class DiscardDelivery(CatalogEndpoint):
    """No to a delivery."""

    @extend_schema(
        operation_id="deliveries_discard",
        request=None,
        parameters=[asked.ETAG_EXPECTED],
        responses={200: OneDelivery.Out, **WORD_REFUSALS},
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Throw a delivery away that was not confirmed, with the files that were sent."""
        check_unchanged(request, read_delivery(request, delivery_id).data)
        if not services.discard_delivery(delivery_id=delivery_id):
            raise NotWaiting
        return Response(read_delivery(request, delivery_id).data)


class PublishDelivery(CatalogEndpoint):
    """Out with a delivery that was kept back."""

    @extend_schema(
        operation_id="deliveries_publish",
        request=None,
        parameters=[asked.ETAG_EXPECTED],
        responses={200: OneDelivery.Out, **acts_refused("not_held")},
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Publish a held delivery: what is ready at once, the rest as soon as it is. No way back after that."""
        check_unchanged(request, read_delivery(request, delivery_id).data)
        if not services.publish_delivery(delivery_id=delivery_id):
            raise NotHeld
        return Response(read_delivery(request, delivery_id).data)


class RollBackDelivery(CatalogEndpoint):
    """Back with a delivery."""

    @extend_schema(
        operation_id="deliveries_roll_back",
        request=None,
        parameters=[asked.ETAG_EXPECTED],
        responses={
            200: OneDelivery.Out,
            **acts_refused("not_applied, too_late, published, built_upon, played, busy"),
        },
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Take a delivery back to the very rows before, as long as nothing of it came out."""
        check_unchanged(request, read_delivery(request, delivery_id).data)
        try:
            rollback.roll_back(delivery_id=delivery_id)
        except RollbackRefused as refused:
            raise RollbackNotPossible(refused) from refused
        except LockTaken as error:
            raise Busy from error
        return Response(read_delivery(request, delivery_id).data)


class DeliveryWaivers(CatalogEndpoint):
    """Works of a delivery that come out although their shares are not whole."""

    class In(serializers.Serializer[dict[str, object]]):
        reason = serializers.CharField(max_length=1_000, help_text="kept and shown")

        class Meta:
            ref_name = "DeliveryWaiversIn"

    @extend_schema(
        operation_id="deliveries_waive",
        request=In,
        parameters=[asked.ETAG_EXPECTED],
        responses={200: OneDelivery.Out, **acts_refused("nothing_to_waive")},
        examples=[
            OpenApiExample(
                "A reason", {"reason": "The heirs sign in March; the publisher vouches."}, request_only=True
            )
        ],
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Let a delivery's works out without whole shares. For operators; the month's close waits for the shares."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        check_unchanged(request, read_delivery(request, delivery_id).data)
        user = user_of(request)
        if not user.is_operator:
            raise OperatorsOnly
        if not services.allow_shares(
            delivery_id=delivery_id, reason=said.validated_data["reason"], user=user
        ):
            raise NothingToWaive
        return Response(read_delivery(request, delivery_id).data)
