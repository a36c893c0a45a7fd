"""What may have been meant by words that nothing bears: the catalogue's own words that are written alike."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramSimilarity

from catalog.models.search import SearchTerm
from catalog.works.search.typed import Typed

SHORTEST = 4  # letters: of fewer, everything is alike
ALIKE, CANDIDATES, MOST = 0.6, 20, 3


def put_right(typed: Typed) -> list[Typed]:
    """Return up to three readings of what was typed, the likeliest first; none when every word is known.

    `jadrins de roux` -> `jardins de roux`. A word of the catalogue is not put right, however rare.
    """
    alike = {word: _alike(word) for word in typed.words if len(word) >= SHORTEST and not is_known(word)}
    if not alike:
        return []
    readings = [
        {word: found[number] for word, found in alike.items() if number < len(found)}
        for number in range(MOST)
    ]
    return [typed.put_right(reading) for reading in readings if reading]


def likeness(typed: str, word: str) -> float:
    """Return how alike two words are, 0 to 1: a beginning counts as if it were whole. `jardn`, `jardins` -> 0.91."""
    whole = SequenceMatcher(None, typed, word, autojunk=False).ratio()
    begun = SequenceMatcher(None, typed, word[: len(typed) + 1], autojunk=False).ratio()
    return max(whole, begun)


def is_known(word: str) -> bool:
    """Tell whether the catalogue has this very word in a title, a name or a subject."""
    return SearchTerm.objects.filter(kind=SearchTerm.Kind.WORD, key=word).exists()


def _alike(word: str) -> list[str]:
    near = (
        SearchTerm.objects.filter(kind=SearchTerm.Kind.WORD, key__trigram_similar=word)
        .annotate(similarity=TrigramSimilarity("key", word))
        .order_by("-similarity", "key")
        .values_list("key", flat=True)[:CANDIDATES]
    )
    scored = sorted(((likeness(word, one), one) for one in near), key=lambda pair: (-pair[0], pair[1]))
    return [one for value, one in scored if value >= ALIKE][:MOST]
