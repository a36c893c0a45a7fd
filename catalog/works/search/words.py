"""The catalogue's own words: of titles, names and subjects, without accents and capitals."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet
from django.db.models.functions import Length

from catalog.models.search import SearchTerm

MOST_GOING_ON = 400  # of a million works' words, 390 at most begin with the same three letters
MOST_ALIKE = 20


def is_known(word: str) -> bool:
    """Tell whether the catalogue has this very word in a title, a name or a subject."""
    return _words().filter(key=word).exists()


def known(candidates: Sequence[str]) -> list[str]:
    """Return those that are words of the catalogue, in order of the alphabet."""
    return list(_words().filter(key__in=candidates).order_by("key").values_list("key", flat=True))


def going_on(beginning: str) -> list[str]:
    """Return the words that begin so, the shortest first: `jard` -> jardin, jardins, jardinier."""
    begun = _words().filter(key__startswith=beginning).order_by(Length("key"), "key")
    return list(begun.values_list("key", flat=True)[:MOST_GOING_ON])


def alike(word: str) -> list[str]:
    """Return the words that share most trigrams with a word, the likest first."""
    near = _words().filter(key__trigram_similar=word).annotate(similarity=TrigramSimilarity("key", word))
    return list(near.order_by("-similarity", "key").values_list("key", flat=True)[:MOST_ALIKE])


def _words() -> QuerySet[SearchTerm]:
    return SearchTerm.objects.filter(kind=SearchTerm.Kind.WORD)
