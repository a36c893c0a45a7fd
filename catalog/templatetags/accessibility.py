"""What a work's page says of its accessibility."""

from __future__ import annotations

from django import template

from catalog.works.cards import ReleasePage
from catalog.works.ways_of_reading import Accessibility, find_accessibility

register = template.Library()


@register.simple_tag
def accessibility_of(release: ReleasePage) -> Accessibility | None:
    """Return what a release's packages and its publisher say; one query."""
    return find_accessibility(release_id=release.card.id, codes=release.accessibility_codes)
