"""Writes a plan into the catalogue in bulk, with a journal by which it can be taken back to the very rows before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from catalog.ingest.changes import Act, Change, Kind, Plan
from catalog.models import (
    Availability,
    Credit,
    Delivery,
    DeliveryChange,
    FilmTrack,
    MediaFile,
    Package,
    Party,
    Payee,
    Release,
    Resource,
    RightsShare,
    SearchTerm,
)
from mediaplatform.infrastructure import bulk_rows

# In the order in which rows may refer to each other.
TABLES: Mapping[str, type[models.Model]] = {
    Kind.FILE: MediaFile, Kind.PARTY: Party, Kind.PAYEE: Payee, Kind.RELEASE: Release,
    Kind.AVAILABILITY: Availability, Kind.RESOURCE: Resource, Kind.FILM_TRACK: FilmTrack, Kind.CREDIT: Credit,
    Kind.SHARE: RightsShare,
}  # fmt: skip
SHARED = {
    Kind.FILE: "sha256",
    Kind.PARTY: "name",
    Kind.PAYEE: "legal_name",
}  # others may add the same row now
BATCH = 1_000

# `before` is taken by the database itself, so that what comes back is the same to the last digit.
REMEMBER = """
UPDATE catalog_deliverychange c SET before = to_jsonb(t) FROM {table} t
WHERE c.id = ANY(%s) AND c.row_id = t.id
"""
RESTORE = """
INSERT INTO {table} ({columns}) SELECT DISTINCT ON (c.row_id) {chosen} FROM catalog_deliverychange c,
    jsonb_populate_record(NULL::{table}, c.before) t
WHERE c.delivery_id = %s AND c.kind = %s AND c.act = ANY(%s) ORDER BY c.row_id, c.position
ON CONFLICT (id) DO UPDATE SET {updates}
"""


def preview(delivery: Delivery, plan: Plan, *, first: int) -> None:
    """Keep what a part of the plan would change as the delivery's preview, its changes counted from `first`."""
    _note(delivery, plan.changes, first=first)


def execute(delivery: Delivery, plan: Plan, *, first: int) -> None:
    """Write a part of the plan, its changes counted from `first`. The caller holds the transaction.

    The delivery's changes become its journal.
    """
    by_kind: Mapping[str, list[Change]] = defaultdict(list)
    for change in plan.changes:
        by_kind[change.kind].append(change)
    noted = _note(delivery, plan.changes, first=first, which=lambda change: change.act != Act.ADDED)
    for kind, model in TABLES.items():
        if ids := [one.pk for one in noted if one.kind == kind]:
            _execute(REMEMBER, model, [ids])
    for kind, model in reversed(list(TABLES.items())):
        gone = [change.row.pk for change in by_kind[kind] if change.act == Act.REMOVED]
        if gone:
            _rows(model).filter(pk__in=gone).delete()
    for kind, model in TABLES.items():
        _add(kind, model, [one.row for one in by_kind[kind] if one.act == Act.ADDED])
        _change(model, [one for one in by_kind[kind] if one.act in {Act.CHANGED, Act.WITHDRAWN}])
    _note(delivery, plan.changes, first=first, which=lambda change: change.act == Act.ADDED)


def undo(delivery: Delivery) -> list[int]:
    """Take the delivery's changes back to the very rows before; returns the releases that are still there.

    A file, party or payee that something else refers to by now stays. The caller holds the transaction.
    """
    _drop_added(delivery, [kind for kind in TABLES if kind not in SHARED])
    again = _journal(delivery, Kind.RESOURCE).exclude(act=Act.ADDED).values("row_id")
    Package.objects.filter(resource__in=again, created_at__gte=delivery.applied_at).delete()
    for kind, model in TABLES.items():
        columns = [str(field.column) for field in model._meta.concrete_fields]  # noqa: SLF001 - Django's documented name for it
        parts = {
            "columns": ", ".join(columns),
            "chosen": ", ".join(f"t.{column}" for column in columns),
            "updates": ", ".join(f"{column} = EXCLUDED.{column}" for column in columns if column != "id"),
        }
        for acts in ([Act.CHANGED, Act.WITHDRAWN], [Act.REMOVED]):
            _execute(RESTORE, model, [delivery.pk, kind, [str(act) for act in acts]], **parts)
    _drop_added(delivery, list(SHARED))
    return list(
        Release.objects.filter(
            pk__in=_journal(delivery, Kind.RELEASE).exclude(act=Act.ADDED).values("row_id")
        ).values_list("pk", flat=True)
    ) + list(delivery.releases.values_list("pk", flat=True))


def drop_files(ids: Collection[int]) -> set[str]:
    """Delete the rows of files that nothing refers to by now; returns their digests. For what packaging added."""
    free = MediaFile.objects.filter(pk__in=set(ids) - _referred_to(MediaFile, ids))
    digests = set(free.values_list("sha256", flat=True))
    free.delete()
    return digests


def _drop_added(delivery: Delivery, kinds: Sequence[str]) -> None:
    for kind in reversed(kinds):
        model = TABLES[kind]
        added = list(_journal(delivery, kind).filter(act=Act.ADDED).values_list("row_id", flat=True))
        if added:
            kept = _referred_to(model, added) if kind in SHARED else set()
            _rows(model).filter(pk__in=[pk for pk in added if pk not in kept]).delete()


def _journal(delivery: Delivery, kind: str) -> models.QuerySet[DeliveryChange]:
    return DeliveryChange.objects.filter(delivery=delivery, kind=kind)


def _note(
    delivery: Delivery,
    changes: Sequence[Change],
    *,
    first: int,
    which: Callable[[Change], bool] | None = None,
) -> list[DeliveryChange]:
    noted = [
        DeliveryChange(
            delivery=delivery,
            position=place,
            act=change.act,
            kind=change.kind,
            release=change.release,
            label=change.label,
            fields=dict(change.fields),
            row_id=change.row.pk,
        )
        for place, change in enumerate(changes, start=first)
        if which is None or which(change)
    ]
    bulk_rows.insert_rows(noted)
    return noted


def _add(kind: str, model: type[models.Model], rows: list[models.Model]) -> None:
    if not rows:
        return
    if kind in SHARED:
        key = SHARED[Kind(kind)]
        _rows(model).bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=[key], update_fields=[key]
        )
    else:
        bulk_rows.insert_rows(rows)


def _change(model: type[models.Model], changes: list[Change]) -> None:
    """Write the changed columns by row ids, for all rows in which the same ones changed at once."""
    own = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
    by_columns: dict[frozenset[str], list[models.Model]] = defaultdict(list)
    for change in changes:
        hidden = {"withdrawn_at"} if change.act == Act.WITHDRAWN else set()
        by_columns[frozenset({*change.fields, *hidden, "updated_at"} & own)].append(change.row)
    for columns, rows in by_columns.items():
        bulk_rows.update_rows(rows, names=columns)


def _rows(model: type[models.Model]) -> models.Manager[Any]:
    return model._default_manager  # noqa: SLF001 - Django's documented name for it


def _referred_to(model: type[models.Model], ids: Iterable[int | None]) -> set[int]:
    """Return the rows that rows of any package refer to."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is SearchTerm:
            continue  # a term is derived: it goes with its party
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{name}__in": list(ids)})  # noqa: SLF001
        found |= set(rows.values_list(name, flat=True))
    return found


def _execute(statement: str, model: type[models.Model], values: list[Any], **parts: str) -> None:
    table = model._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=table, **parts), values)
