"""What a delivery changes, as its page shows it: work by work, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Credit, Delivery, DeliveryChange, Release

PER_PAGE = 150
SIGNS = {"added": "good", "changed": "busy", "withdrawn": "bad", "removed": "bad"}  # ui/status.html
FIELDS: Mapping[str, str | Promise] = {
    "title": _("title"), "subtitle": _("subtitle"), "medium": _("medium"), "kind": _("kind"),
    "released_on": _("release date"), "ean": "EAN", "label": _("label"), "languages": _("languages"),
    "subjects": _("subjects"), "description": _("description"), "min_age": _("minimum age"),
    "max_age": _("up to age"), "pegi": "PEGI", "pegi_descriptors": _("PEGI descriptors"),
    "is_explicit": _("explicit"), "is_youth": _("for the young"), "cover": _("cover"), "status": _("state"),
    "withdrawn_at": _("withdrawn"), "position": _("position"), "isrc": "ISRC", "original": _("file"),
    "tracks_digest": _("film tracks"), "countries": _("countries"), "starts_on": _("from"),
    "ends_on": _("until"), "share_bp": _("basis points"), "valid_to": _("until"), "home": _("home"),
    "biography": _("biography"), "website": _("website"), "email": _("e-mail address"), "file": _("file"),
    "p_line": "℗", "c_line": "©", "accessibility": _("accessibility"), "related": _("related works"),
    "platforms": _("platforms"), "controls": _("controls"), "min_players": _("players at least"),
    "max_players": _("players at most"), "has_audio_description": _("audio description"),
    "needs_threads": _("threads"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One changed row; `fields` are (name, from, to)."""

    act: str
    act_label: str
    sign: str
    kind: str
    label: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkChanges:
    """The changes of one work; people and files stand under no work."""

    reference: str
    title: str
    lines: list[ChangeLine] = field(default_factory=list)


def list_differences(*, delivery: Delivery, page: str | int = 1) -> tuple[Page[Any], list[WorkChanges]]:
    """Return a page of a delivery's changes, and the same grouped by work. Stored files are left out."""
    rows = DeliveryChange.objects.filter(delivery=delivery).exclude(kind=DeliveryChange.Kind.FILE)
    found = Paginator(rows.defer("before").order_by("position"), PER_PAGE).get_page(page)
    references = {row.release for row in found}
    titles = dict(
        Release.objects.filter(deliverer=delivery.deliverer, reference__in=references).values_list(
            "reference", "title"
        )
    )
    new = DeliveryChange.objects.filter(
        delivery=delivery, kind=DeliveryChange.Kind.RELEASE, release__in=references
    )
    titles |= dict(new.values_list("release", "label"))
    works = [
        WorkChanges(reference=reference, title=titles.get(reference, ""), lines=[_line(row) for row in same])
        for reference, same in groupby(found, key=lambda row: row.release)
    ]
    return found, works


def _line(row: DeliveryChange) -> ChangeLine:
    return ChangeLine(
        act=row.act,
        act_label=row.get_act_display(),
        sign=SIGNS[row.act],
        kind=row.get_kind_display(),
        label=_credit(row.label) if row.kind == DeliveryChange.Kind.CREDIT else row.label,
        fields=[(str(FIELDS.get(name, name)), old, new) for name, (old, new) in row.fields.items()],
    )


def _credit(label: str) -> str:
    """Return `Ana Roux:composer` as `Ana Roux, compositrice` in the reader's language."""
    name, _colon, role = label.rpartition(":")
    roles = dict(Credit.Role.choices)
    return f"{name}, {roles[role]}" if role in roles else label
