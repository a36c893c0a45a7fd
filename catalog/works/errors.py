"""What a selector raises when there is nothing to show; "not there" and "not for you" are one answer."""

from __future__ import annotations

from catalog.errors import CatalogError


class ReleaseNotVisible(CatalogError):
    """There is no such release or resource for this audience."""

    code = "not_visible"


class ArtistNotVisible(CatalogError):
    """There is no such party with anything to show to this audience."""

    code = "not_visible"


class PackageNotReady(CatalogError):
    """The resource is visible, but nothing of it can be streamed yet."""

    code = "not_ready"
