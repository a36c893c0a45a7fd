"""Where and from when a product may be shown."""

from __future__ import annotations

from datetime import date

from catalog.ingest.countries import every_country
from catalog.ingest.onix import codes
from catalog.ingest.rows import Window
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

WORLD, REST = "WORLD", "ROW"


def read_window(product: Node) -> Window | None:
    """Return the product's window, or None with a fault when it never opens or opens nowhere."""
    days: dict[str, date] = {}
    for one in product.every("PublishingDetail/PublishingDate"):
        if day := one.day("Date"):
            days[one.text("PublishingDateRole")] = day
    opening = [days[role] for role in (codes.PUBLISHED_ON, codes.EMBARGO_UNTIL) if role in days]
    if not opening:
        product.fault("missing", _("The record does not say from which day on the book is published."))
        return None
    countries = _countries(product)
    if countries is None:
        product.fault("no_territory", _("The record's sales rights leave no territory."))
        return None
    ends_on = days.get(codes.NO_MORE_FROM)
    if ends_on and ends_on <= max(opening):
        product.fault("ends_before_start", _("The last day is before the first."))
        return None
    return Window(countries, max(opening), ends_on)


def _countries(product: Node) -> tuple[str, ...] | None:
    """Return the ISO codes where the product is for sale, nothing for the whole world, None for nowhere."""
    rights = list(product.every("PublishingDetail/SalesRights"))
    if not rights:
        return ()
    every = every_country()
    allowed: set[str] = set()
    named: set[str] = set()
    is_rest_for_sale = product.text("PublishingDetail/ROWSalesRightsType") in codes.FOR_SALE
    for one in rights:
        for territory in one.children("Territory"):
            regions = _codes(territory, "RegionsIncluded")
            places = _codes(territory, "CountriesIncluded") & every
            is_for_sale = one.text("SalesRightsType") in codes.FOR_SALE
            if REST in regions and is_for_sale:
                is_rest_for_sale = True
            if WORLD in regions:
                places = set(every)
            places -= _codes(territory, "CountriesExcluded")
            named |= places
            allowed |= places if is_for_sale else set()
    if is_rest_for_sale:
        allowed |= every - named
    if not allowed:
        return None
    return () if allowed == every else tuple(sorted(allowed))


def _codes(territory: Node, name: str) -> set[str]:
    return set(territory.text(name, limit=2_000).split())
