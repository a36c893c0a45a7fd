"""What a work's page says of its accessibility."""

from __future__ import annotations

from django import template

from catalog.works.ways_of_reading import Accessibility, find_accessibility

register = template.Library()


@register.simple_tag
def accessibility_of(release_id: int) -> Accessibility | None:
    """Return what the packages of a release say; one query."""
    return find_accessibility(release_id=release_id)
