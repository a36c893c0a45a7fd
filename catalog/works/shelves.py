"""Shelves: from here, new, and what stands beside a work. By place, subject and date; nobody's taste is known.

Each is a few rows from an index, however large the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.utils import timezone

from catalog.models import Release
from catalog.models.search import SearchDocument, SearchDocumentQuerySet
from catalog.territories.official import plain_name
from catalog.works import listing, names, nearness
from catalog.works.audience import Audience
from catalog.works.cards import NearCount, ReleaseCard
from catalog.works.search import ranking

MOST_COUNTED = 1_000
NEWEST_READ = 300  # of which a shelf is chosen by what no index knows
CHILD = 10
BESIDE = 6


def list_from_here(
    *, audience: Audience, limit: int, on: date | None = None, is_public: bool = False
) -> list[ReleaseCard]:
    """List releases of creators in the library's region or nearer: nearest first, then newest.

    `is_public`: only what may stand where anybody passes.
    """
    return listing.list_cards(
        find_from_here(audience=audience, limit=limit, on=on, is_public=is_public), audience
    )


def find_from_here(
    *, audience: Audience, limit: int, on: date | None = None, is_public: bool = False
) -> list[int]:
    """Return the ids of what `list_from_here` lists."""
    day = on or timezone.localdate()
    documents = _documents(audience, day)
    if is_public:
        documents = documents.filter(release__in=Release.objects.for_everybody(on=day))
    ladder = ranking.make_ladder(audience.place, audience.own)
    found: list[int] = []
    for level in nearness.FROM_HERE:
        if (tags := ladder.tags_of(level)) and len(found) < limit:
            found += _newest(documents.filter(tags__overlap=tags), limit=limit - len(found), but=found)
    return found


def count_nearness(*, audience: Audience, on: date | None = None) -> list[NearCount]:
    """Count the visible releases by nearness, from the library's own territory to its region; 1,000 at most."""
    documents = _documents(audience, on or timezone.localdate())
    ladder = ranking.make_ladder(audience.place, audience.own)
    places = names.ladder_names(audience)
    counts, nearer = [], list[str]()
    for level in nearness.FROM_HERE:
        tags = ladder.tags_of(level)
        there = documents.filter(tags__overlap=tags)
        there = there.exclude(tags__overlap=nearer) if nearer else there
        if count := there[: MOST_COUNTED + 1].count() if tags else 0:
            counts.append(
                NearCount(
                    proximity=level,
                    place_name=places.get(level, ""),
                    count=min(count, MOST_COUNTED),
                    is_capped=count > MOST_COUNTED,
                )
            )
        nearer += tags
    return counts


def find_new(
    *, audience: Audience, limit: int, medium: str | None = None, on: date | None = None
) -> list[int]:
    """Return the ids of the releases published last, of all media or one."""
    documents = _documents(audience, on or timezone.localdate())
    if medium:
        documents = documents.filter(tags__overlap=[f"m:{medium}"])
    return _newest(documents, limit=limit)


def find_for_children(*, audience: Audience, limit: int, on: date | None = None) -> list[int]:
    """Return the ids of the newest works made for children, among the newest that suit a child of ten."""
    documents = _documents(audience, on or timezone.localdate())
    suits = documents.filter(tags__overlap=[f"a:{age}" for age in range(CHILD + 1)])
    found = _newest(suits, limit=NEWEST_READ)
    made = set(Release.objects.filter(pk__in=found, is_youth=True).values_list("pk", flat=True))
    return [pk for pk in found if pk in made][:limit]


def list_subjects(*, audience: Audience, limit: int, on: date | None = None) -> list[str]:
    """List the subjects that most of the newest works have, each of at least two works, in alphabetical order."""
    documents = _documents(audience, on or timezone.localdate())
    newest = documents.order_by("-published_at", "-pk").values_list("tags", flat=True)[:NEWEST_READ]
    counts = Counter(tag[2:] for tags in newest for tag in tags if tag.startswith("s:"))
    frequent = sorted((-count, subject) for subject, count in counts.items() if count > 1)[:limit]
    return sorted((subject for _count, subject in frequent), key=plain_name)


def list_same_town(
    *, audience: Audience, communes: Sequence[str], but: Collection[int], on: date | None = None
) -> list[ReleaseCard]:
    """List the newest works by people of some communes (INSEE codes), but for some works."""
    tags = [f"p:commune:{code}" for code in communes]
    return _beside(audience, tags, but, on)


def list_same_subject(
    *, audience: Audience, subjects: Sequence[str], but: Collection[int], on: date | None = None
) -> list[ReleaseCard]:
    """List the newest works with one of some subjects, but for some works."""
    return _beside(audience, [f"s:{one.strip().lower()}" for one in subjects], but, on)


def _beside(audience: Audience, tags: list[str], but: Collection[int], on: date | None) -> list[ReleaseCard]:
    if not tags:
        return []
    documents = _documents(audience, on or timezone.localdate()).filter(tags__overlap=tags)
    return listing.list_cards(_newest(documents, limit=BESIDE, but=but), audience)


def _documents(audience: Audience, day: date) -> SearchDocumentQuerySet:
    return SearchDocument.objects.visible_to(audience, on=day)


def _newest(documents: SearchDocumentQuerySet, *, limit: int, but: Collection[int] = ()) -> list[int]:
    left = documents.exclude(pk__in=list(but)) if but else documents
    return list(left.order_by("-published_at", "-pk").values_list("pk", flat=True)[:limit])
