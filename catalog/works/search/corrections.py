"""What may have been meant by words that nothing bears: the catalogue's own words that are written alike."""

from __future__ import annotations

from difflib import SequenceMatcher

from catalog.works.search import words
from catalog.works.search.typed import Typed

SHORTEST = 4  # letters: of fewer, everything is alike
ALIKE, MOST = 0.6, 3


def put_right(typed: Typed) -> list[Typed]:
    """Return up to three readings of what was typed, the likeliest first; none when every word is known.

    `jadrins de roux` -> `jardins de roux`. A word of the catalogue is not put right, however rare.
    """
    alike = {word: _alike(word) for word in typed.words if len(word) >= SHORTEST and not words.is_known(word)}
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


def swaps(word: str) -> list[str]:
    """Return a word with each two neighbours in the other order: short words then have few trigrams in common.

    >>> swaps("nuti")
    ['unti', 'ntui', 'nuit']
    """
    pairs = range(len(word) - 1)
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in pairs)
    return [one for one in swapped if one != word]


def _alike(word: str) -> list[str]:
    near = ((likeness(word, one), one) for one in words.alike(word))
    scored = sorted((-value, one) for value, one in near if value >= ALIKE)
    return list(dict.fromkeys([*words.known(swaps(word)), *(one for _value, one in scored)]))[:MOST]
