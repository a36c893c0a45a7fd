"""Reads what a deliverer has delivered; an operator reads everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from catalog.errors import CatalogError
from catalog.holdings.pages import Page, PageAsked, Row, cut
from catalog.ingest import deliverers
from catalog.models import (
    Credit,
    Delivery,
    DeliveryFault,
    Package,
    Party,
    Release,
    Resource,
    RightsShare,
    RightsWaiver,
    SearchDocument,
)
from catalog.packaging import selectors as packaging
from catalog.packaging.selectors import Progress
from catalog.works.search import typed
from catalog.works.search.typed import Typed
from mediaplatform.accounts.models import User

Wanted = Mapping[str, str | int]


class HoldingMissing(CatalogError):
    """There is no such row, or it is none of this user's."""

    code = "not_found"


MOST_FAULTS = 1_000  # of one delivery


@dataclass(frozen=True, slots=True)
class DeliveryHolding:
    """A delivery with the first of its faults, how far its packages are, and what was let out without whole shares."""

    delivery: Delivery
    faults: list[DeliveryFault]
    progress: Progress
    waivers: list[RightsWaiver]


def list_deliveries(*, user: User, wanted: Wanted, asked: PageAsked) -> Page[Delivery]:
    """List deliveries, newest first, with `fault_count` and `release_count`. `wanted`: deliverer, state."""
    return cut(_mine(Delivery.objects.counted().filter(**wanted), user), asked, newest_first=True)


def get_delivery(*, user: User, delivery_id: int) -> DeliveryHolding:
    """Return a delivery with the first thousand of its faults. Raises: HoldingMissing."""
    found = _mine(Delivery.objects.counted().filter(pk=delivery_id), user)
    delivery = _only(found)
    resources = Resource.objects.filter(release__deliveries=delivery_id, withdrawn_at=None)
    return DeliveryHolding(
        delivery,
        list(delivery.faults.all()[:MOST_FAULTS]),
        packaging.count_progress(resource_ids=resources.values_list("pk", flat=True)),
        list(RightsWaiver.objects.filter(release__deliveries=delivery_id).order_by("release_id")),
    )


def list_releases(*, user: User, wanted: Wanted, query: str = "", asked: PageAsked) -> Page[Release]:
    """List releases with `resource_count`.

    `wanted`: deliverer, medium, status, reference, ean. `query`: words that published ones are found by.
    """
    found = _mine(Release.objects.filter(**wanted), user)
    if query:
        read = typed.read(query)
        found = (
            found.filter(Exists(_documents(read).filter(release=OuterRef("pk"))))
            if read.words
            else found.none()
        )
    return cut(_counted(found), asked)


def get_release(*, user: User, release_id: int) -> Release:
    """Return a release with credits, availabilities and resources. Raises: HoldingMissing."""
    credits_ = Credit.objects.select_related("party").order_by("position", "pk")
    return _only(
        _counted(_mine(Release.objects.filter(pk=release_id), user)).prefetch_related(
            Prefetch("credits", credits_), "availabilities", Prefetch("resources", _with_packages())
        )
    )


def list_resources(*, user: User, wanted: Wanted, asked: PageAsked) -> Page[Resource]:
    """List resources with their newest package. `wanted`: release_id, isrc, reference, release__deliverer."""
    return cut(_mine(_with_packages().filter(**wanted), user, "release__deliverer"), asked)


def get_resource(*, user: User, resource_id: int) -> Resource:
    """Return a resource with its original and its rights shares. Raises: HoldingMissing."""
    shares = RightsShare.objects.select_related("payee").order_by("valid_from", "payee__legal_name")
    found = _mine(_with_packages().filter(pk=resource_id), user, "release__deliverer")
    return _only(found.select_related("original").prefetch_related(Prefetch("rights_shares", shares)))


def list_parties(*, user: User, query: str = "", asked: PageAsked) -> Page[Party]:
    """List the people and organisations credited on the user's releases, by name if a part of it is given."""
    found = _parties(user)
    if query:
        found = found.filter(Q(name__icontains=query) | Q(isni=query.replace(" ", "")))
    return cut(found, asked)


def get_party(*, user: User, party_id: int) -> Party:
    """Return somebody who is credited on the user's releases. Raises: HoldingMissing."""
    return _only(_parties(user).filter(pk=party_id))


def _parties(user: User) -> QuerySet[Party]:
    found = Party.objects.select_related("home")
    if user.is_operator:
        return found
    mine = Release.objects.filter(deliverer__in=deliverers.list_deliverers(user))
    credited = Credit.objects.filter(party=OuterRef("pk"), release__in=mine)
    return found.filter(Exists(credited) | Exists(mine.filter(label=OuterRef("pk"))))


def _counted(releases: QuerySet[Release]) -> QuerySet[Release]:
    living = Count("resources", filter=Q(resources__withdrawn_at=None), distinct=True)
    return releases.select_related("label").annotate(resource_count=living)


def _documents(read: Typed) -> QuerySet[SearchDocument]:
    """Return what has all words as written, the last as far as it is typed, or their French stems."""
    written = SearchQuery(read.as_far_as_typed, config="catalog_simple", search_type="raw")
    return SearchDocument.objects.filter(words=written | SearchQuery(read.key, config="catalog_french"))


def _with_packages() -> QuerySet[Resource]:
    packages = Package.objects.order_by("-pk").only(
        "resource_id", "state", "progress", "fault_code", "fault_detail", "fault_msgid", "fault_values"
    )
    return Resource.objects.order_by("position", "pk").prefetch_related(Prefetch("packages", packages))


def _mine(found: QuerySet[Row], user: User, field: str = "deliverer") -> QuerySet[Row]:
    """Keep what came under the names that a user delivers under."""
    if user.is_operator:
        return found
    return found.filter(**{f"{field}__in": deliverers.list_deliverers(user)})


def _only(found: QuerySet[Row]) -> Row:
    row = found.first()
    if row is None:
        raise HoldingMissing
    return row
