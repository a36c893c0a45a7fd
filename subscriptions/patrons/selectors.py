"""Reads patrons, their profiles and their library's codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from catalog.works.audience import Audience
from subscriptions import SubscriptionsError
from subscriptions.libraries.exclusions import read_exclusions
from subscriptions.models import (
    AccessCode,
    CodeBatch,
    Library,
    LibraryTerritory,
    Patron,
    Profile,
    Subscription,
)
from subscriptions.patrons import sealing

CODES_A_PAGE = 50
CODE_STATES = AccessCode.State


class BatchMissing(SubscriptionsError):
    """The library has no such batch of codes."""

    code = "batch_missing"


class PatronMissing(SubscriptionsError):
    """The library has no such patron."""

    code = "patron_missing"


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """How many codes of a library or batch there are, by state."""

    free: int = 0
    redeemed: int = 0
    expired: int = 0
    revoked: int = 0

    @property
    def made(self) -> int:
        return self.free + self.redeemed + self.expired + self.revoked


def find_audience(*, patron_id: int, profile_id: int, on: date) -> Audience | None:
    """Return who is looking, in three queries; None when the patron is suspended or no longer there."""
    running = Subscription.objects.filter(library=OuterRef("patron__library")).running_on(on)
    profile = (
        Profile.objects.filter(pk=profile_id, patron=patron_id, patron__suspended_at=None)
        .select_related("patron__library")
        .annotate(media=Subquery(running.values("offer__media")[:1]))
        .prefetch_related(
            Prefetch("patron__library__ladder", LibraryTerritory.objects.select_related("territory"))
        )
        .first()
    )
    if profile is None:
        return None
    return _audience(profile.patron.library, profile, frozenset(profile.media or ()))


def make_visitor(*, library_id: int, on: date) -> Audience | None:
    """Return the audience of a library's public page, which is nobody's; None without a running subscription."""
    running = (
        Subscription.objects.filter(library=library_id).running_on(on).select_related("offer", "library")
    )
    sold = running.first()
    return _audience(sold.library, None, frozenset(sold.offer.media)) if sold else None


def _audience(library: Library, profile: Profile | None, media: frozenset[str]) -> Audience:
    place = library.place
    return Audience(
        library_id=library.pk,
        library_name=library.name,
        library_slug=library.slug,
        patron_id=profile.patron_id if profile else 0,
        profile_id=profile.pk if profile else 0,
        place=place,
        own=library.own,
        country=place.country or "",
        max_age=profile.max_age if profile else None,
        media=media,
        is_youth=bool(profile and profile.kind == Profile.Kind.YOUTH),
        exclusions=read_exclusions(library_id=library.pk),
        library_contact=library.contact,
    )


def list_profiles(*, patron_id: int) -> list[Profile]:
    """Return a patron's profiles, the adult's first."""
    return list(Profile.objects.filter(patron=patron_id).order_by("kind", "id"))


def get_adult_profile(*, patron_id: int) -> Profile:
    """Return the profile that every patron has from the start."""
    return Profile.objects.get(patron=patron_id, kind=Profile.Kind.ADULT)


def list_batches(*, library_id: int) -> list[CodeBatch]:
    """Return a library's batches, newest first, each with `made` = number of its codes."""
    return list(
        CodeBatch.objects.filter(library=library_id)
        .select_related("created_by")
        .annotate(made=Count("codes"))
    )


def get_batch(*, library_id: int, batch_id: int) -> CodeBatch:
    """Return a library's batch. Raises: BatchMissing, for another library's too."""
    found = CodeBatch.objects.annotate(made=Count("codes")).filter(library=library_id, pk=batch_id).first()
    if found is None:
        raise BatchMissing(str(batch_id))
    return found


def list_patrons(*, library_id: int, state: str = "", text: str = "", page: int = 1) -> Page[Any]:
    """Return a page of a library's patrons, newest first, each with its code's `last_four`.

    `state`: `suspended`, `active` or all; `text`: the last letters of a code, all that is known of anybody.
    """
    code = AccessCode.objects.filter(patron=OuterRef("pk")).order_by("-redeemed_at").values("last_four")[:1]
    patrons = Patron.objects.filter(library=library_id).annotate(last_four=Subquery(code)).order_by("-id")
    if state:
        patrons = patrons.filter(suspended_at__isnull=state != "suspended")
    if text:
        patrons = patrons.filter(access_codes__last_four__iexact=text.strip()[-4:]).distinct()
    return Paginator(patrons, CODES_A_PAGE).get_page(page)


def get_patron(*, library_id: int, patron_id: int) -> Patron:
    """Return a library's patron. Raises: PatronMissing, for another library's too."""
    found = Patron.objects.filter(library=library_id, pk=patron_id).first()
    if found is None:
        raise PatronMissing(str(patron_id))
    return found


def list_codes(
    *, library_id: int, on: date, state: str = "", batch_id: int | None = None, page: int = 1
) -> Page[AccessCode]:
    """Return a page of a library's codes, newest batch first; each bears its `state` on the day."""
    codes = _codes_of(library_id=library_id, batch_id=batch_id)
    if state:
        codes = codes.filter(AccessCode.state_condition(state, on=on))
    found = Paginator(codes, CODES_A_PAGE).get_page(page)
    for code in found.object_list:
        code.state = code.state_on(on)  # type: ignore[attr-defined]  # for the template
    return found


def count_codes(*, library_id: int, on: date) -> CodeCounts:
    """Count a library's codes by state, in one query."""
    states = {
        state.value: Count("pk", filter=AccessCode.state_condition(state, on=on))
        for state in AccessCode.State
    }
    return CodeCounts(**_codes_of(library_id=library_id, batch_id=None).aggregate(**states))


def list_readable_codes(*, library_id: int, on: date, batch_id: int) -> list[str]:
    """Return a batch's codes that can still be handed out, in the order in which they were made."""
    codes = _codes_of(library_id=library_id, batch_id=batch_id)
    free = codes.filter(AccessCode.state_condition(AccessCode.State.FREE, on=on))
    return [sealing.unseal(bytes(code.sealed_code)) for code in free if code.sealed_code]


def _codes_of(*, library_id: int, batch_id: int | None) -> QuerySet[AccessCode]:
    codes = AccessCode.objects.filter(batch__library=library_id).select_related("batch")
    return codes if batch_id is None else codes.filter(batch=batch_id)
