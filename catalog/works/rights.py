"""Who holds what, as the tables that the royalties engine reads (docs/algorithms/cct.md, file contract)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

import pyarrow as pa
from django.db.models import Q

from catalog.models import Payee, Resource, RightsShare
from mediaplatform.kernel.territories import LEVELS

ID, TEXT = pa.int64(), pa.string()


def _schema(required: dict[str, pa.DataType], optional: dict[str, pa.DataType]) -> pa.Schema:
    fields = [pa.field(name, kind, nullable=name in optional) for name, kind in (required | optional).items()]
    return pa.schema(fields)


RESOURCES = _schema({"resource_id": ID, "release_id": ID, "medium": TEXT}, {"duration_s": ID})
SHARES = _schema({"resource_id": ID, "payee_id": ID, "share_bp": ID}, {})
PAYEES = _schema({"payee_id": ID}, dict.fromkeys(LEVELS, TEXT))


@dataclass(frozen=True, slots=True)
class RightsTables:
    """Keys: resource_id; (resource_id, payee_id); payee_id. Each sorted by its key."""

    resources: pa.Table
    shares: pa.Table
    payees: pa.Table


def export_rights(*, on: date) -> RightsTables:
    """Return every resource, the shares in force on a day, and every payee with the places it is at.

    Withdrawn works are among them: what was played before is paid.
    """
    resources = Resource.objects.order_by("pk").values_list("pk", "release_id", "medium", "duration_s")
    in_force = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    shares = (
        RightsShare.objects.filter(in_force)
        .order_by("resource_id", "payee_id")
        .values_list("resource_id", "payee_id", "share_bp")
    )
    payees = [
        {"payee_id": payee.pk, **asdict(payee.place)}
        for payee in Payee.objects.select_related("home").order_by("pk")
    ]
    return RightsTables(
        resources=_table(RESOURCES, resources),
        shares=_table(SHARES, shares),
        payees=pa.Table.from_pylist(payees, schema=PAYEES),
    )


def _table(schema: pa.Schema, rows: Iterable[tuple[object, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


@dataclass(frozen=True, slots=True)
class ResourceName:
    """What a statement calls a resource."""

    title: str
    release_title: str
    medium: str


def name_resources(*, resource_ids: Iterable[int]) -> dict[int, ResourceName]:
    """Return the names of resources, withdrawn ones too, by id."""
    rows = Resource.objects.filter(pk__in=set(resource_ids)).values_list(
        "pk", "title", "release__title", "medium"
    )
    return {pk: ResourceName(*names) for pk, *names in rows}


def name_payees(*, payee_ids: Iterable[int]) -> dict[int, str]:
    """Return the legal names of payees by id. For the cooperative alone."""
    return dict(Payee.objects.filter(pk__in=set(payee_ids)).values_list("pk", "legal_name"))
