"""Works and publishers by name, for a library's staff who decide what is in their offer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from catalog.models import Credit, Party, Release
from catalog.works.search.typed import read

MOST = 10


def find_publishers(*, text: str) -> dict[int, str]:
    """Find labels and publishers whose name holds the text, by id; nothing for less than two letters."""
    if len(read(text).key) < 2:  # noqa: PLR2004 - one letter would find everything
        return {}
    published = Exists(Release.objects.filter(label=OuterRef("pk"))) | Exists(
        Credit.objects.filter(party=OuterRef("pk"), role=Credit.Role.PUBLISHER)
    )
    called = Q(name__unaccent__icontains=text.strip()[:100])
    found = Party.objects.filter(called, published).order_by("name")
    return dict(found.values_list("pk", "name")[:MOST])


def name_releases(*, release_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of works by id, withdrawn ones too."""
    return dict(Release.objects.filter(pk__in=set(release_ids)).values_list("pk", "title"))


def name_publishers(*, party_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of parties by id."""
    return dict(Party.objects.filter(pk__in=set(party_ids)).values_list("pk", "name"))
