"""Finds territories by code or by what somebody types."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, Value, When

from catalog.models import Territory
from catalog.territories.official import plain_name
from mediaplatform.kernel.territories import COMMUNE, COUNTRY, LEVELS, commune_of_arrondissement

ALIKE = 0.55  # word similarity from which a typo is forgiven: `firmini` finds Firminy


def find_commune(code: str) -> Territory | None:
    """Return the commune of an INSEE code; an arrondissement of Paris, Lyon or Marseille gives its city."""
    return Territory.objects.filter(
        level=COMMUNE, code=commune_of_arrondissement(code.strip().upper())
    ).first()


def find_country(code: str) -> Territory | None:
    """Return the country of an ISO 3166-1 alpha-2 code."""
    return Territory.objects.filter(level=COUNTRY, code=code.strip().upper()).first()


def find_territory(*, level: str, code: str) -> Territory | None:
    """Return the territory of a level and code."""
    return Territory.objects.filter(level=level, code=code).first()


def get_territory(*, territory_id: int) -> Territory:
    """Return a territory by id. Raises: Territory.DoesNotExist."""
    return Territory.objects.get(pk=territory_id)


def search_communes(*, text: str, limit: int = 20) -> list[Territory]:
    """List communes by name or postal code as one types: exact, then beginnings, then alike; the larger first."""
    return search_territories(text=text, levels=(COMMUNE,), limit=limit)


def search_territories(*, text: str, levels: tuple[str, ...] = LEVELS, limit: int = 20) -> list[Territory]:
    """List territories of some levels by name, INSEE code or postal code; nothing for fewer than two letters."""
    typed = plain_name(text)
    if len(typed) < 2:  # noqa: PLR2004 - one letter would find everything
        return []
    found = (
        Q(search_name__contains=typed)
        | Q(search_name__trigram_word_similar=typed)
        | Q(code=text.strip().upper())
        | Q(postal_codes__contains=[typed])
    )
    rank = Case(
        When(search_name=typed, then=Value(0)),
        When(Q(code=text.strip().upper()) | Q(postal_codes__contains=[typed]), then=Value(0)),
        When(search_name__startswith=typed, then=Value(1)),
        When(search_name__contains=typed, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    likeness = TrigramWordSimilarity(typed, "search_name")
    matches = Territory.objects.filter(found, level__in=levels).annotate(rank=rank, likeness=likeness)
    return list(
        matches.filter(Q(rank__lt=3) | Q(likeness__gte=ALIKE)).order_by(
            "rank", "-likeness", "-population", "code"
        )[:limit]
    )


def ladder_of(territory: Territory) -> list[Territory]:
    """List a territory and all that it lies in, smallest level first, as far as known."""
    place = territory.place
    steps = Q()
    for level in LEVELS:
        if code := place.code(level):
            steps |= Q(level=level, code=code)
    found = {step.level: step for step in Territory.objects.filter(steps)}
    return [found[level] for level in LEVELS if level in found]
