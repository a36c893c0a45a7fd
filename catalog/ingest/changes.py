"""What a delivery would do to the catalogue, a part of it at a time: rows added, changed, withdrawn, removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from django.db import models

from catalog.models import Credit, DeliveryChange, Release, Resource, RightsShare

M = TypeVar("M", bound=models.Model)
Act: TypeAlias = DeliveryChange.Act
Kind: TypeAlias = DeliveryChange.Kind
Shown = Mapping[str, tuple[str, str]]
SUMMARY = {Act.ADDED: "created", Act.CHANGED: "changed", Act.WITHDRAWN: "withdrawn", Act.REMOVED: "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it shall be (new rows are unsaved), and for people: of which release, its name, the fields from, to."""

    act: str
    kind: str
    row: models.Model
    release: str
    label: str
    fields: Shown = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What a part of a delivery changes, in an order in which it can be written, and what is left as it is, by kind."""

    changes: list[Change] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)
    releases: list[Release] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    gone: list[Resource] = field(default_factory=list)  # hidden by this delivery

    def want(
        self,
        kind: Kind,
        model: type[M],
        found: M | None,
        key: Mapping[str, Any],
        fields: Mapping[str, Any],
        *,
        release: str = "",
    ) -> M:
        """Return the row of a release: a new one, or the one that is there with what differs set."""
        if found is None:
            row = model(**key, **fields)
            self.note(Act.ADDED, kind, row, release, label_of(row))
            return row
        different = {name: value for name, value in fields.items() if _differs(found, name, value)}
        shown = {name: (_shown(getattr(found, name)), _shown(value)) for name, value in different.items()}
        for name, value in different.items():
            setattr(found, name, value)
        if different:
            self.note(Act.CHANGED, kind, found, release, label_of(found), shown)
        else:
            self.unchanged[kind] += 1
        return found

    def note(
        self, act: Act, kind: Kind, row: models.Model, release: str, label: str, fields: Shown | None = None
    ) -> None:
        self.changes.append(Change(act, kind, row, release, label[:400], fields or {}))


class Tally:
    """The counts of a whole delivery, while its parts go by."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.changes = 0

    def add(self, plan: Plan) -> None:
        """Count a part."""
        self.changes += len(plan.changes)
        self.counts.update((change.kind, SUMMARY[Act(change.act)]) for change in plan.changes)
        self.counts.update({(kind, "unchanged"): count for kind, count in plan.unchanged.items()})

    def summary(self) -> dict[str, dict[str, int]]:
        """Return the counts by kind: {"release": {"created": 3}}."""
        counts: dict[str, dict[str, int]] = {}
        for (kind, what), count in sorted(self.counts.items()):
            counts.setdefault(str(kind), {})[what] = count
        return counts


def _differs(row: models.Model, name: str, value: Any) -> bool:
    if isinstance(value, models.Model):
        return value.pk is None or getattr(row, f"{name}_id") != value.pk
    if value is None and f"{name}_id" in row.__dict__:
        return getattr(row, f"{name}_id") is not None
    return bool(getattr(row, name) != value)


def label_of(row: models.Model) -> str:
    if isinstance(row, RightsShare):
        return f"{row.resource.title}: {row.payee}, {row.share_bp / 100:g} %"
    if isinstance(row, Credit):
        of = f"{row.resource.title}: " if row.resource is not None else ""
        return f"{of}{row.party}:{row.role}"
    return str(row)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)[:300]
