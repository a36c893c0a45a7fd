"""The API's documentation: one page, drawn from its own description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.api import access
from catalog.api.outline import Section, outline
from catalog.api.words import SECTIONS
from mediaplatform.infrastructure.api_types import describe_api


@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters, bodies, refusals and examples; groups in the reader's language."""
    context = {
        "groups": [_group(section) for section in _sections()],
        "reads": access.READS_A_MINUTE,
        "writes": access.WRITES_A_MINUTE,
        "strangers": access.STRANGERS_A_MINUTE,
        "site_url": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "catalog/api/docs.html", context)


@dataclass(frozen=True, slots=True)
class Group:
    """A section with its name and what it is for, in the reader's language."""

    section: Section
    name: str
    said: str


def _group(section: Section) -> Group:
    name, said = SECTIONS[section.name]
    return Group(section=section, name=str(name), said=str(said))


@lru_cache(maxsize=1)
def _sections() -> list[Section]:
    """The description does not change while the process runs."""
    return outline(describe_api())
