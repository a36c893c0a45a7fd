"""What was typed, as words and as a question to the index. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.territories.official import plain_name

WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 12
UNMARKED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"}
)  # no accent to take off
WHOLE = 3  # letters from which an unfinished word is looked for: a shorter one begins too many


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a query without accents, capitals and punctuation, at most 12 of them."""

    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """As a title's or name's key: words with one space between."""
        return " ".join(self.words)

    @property
    def is_beginning(self) -> bool:
        """One or two letters alone: they can only begin a title, or be a whole word."""
        return len(self.words) == 1 and len(self.words[0]) < WHOLE

    @property
    def has_unfinished_end(self) -> bool:
        """A last word that is too short to be looked for as a beginning."""
        return len(self.words) > 1 and len(self.words[-1]) < WHOLE

    @property
    def may_go_on(self) -> bool:
        """The last word is long enough to be looked for as a beginning."""
        return bool(self.words) and len(self.words[-1]) >= WHOLE

    @property
    def as_written(self) -> str:
        """A raw tsquery: every word as written. `les jardins` -> `'les' & 'jardins'`."""
        return " & ".join(f"'{word}'" for word in self.words)

    @property
    def as_far_as_typed(self) -> str:
        """A raw tsquery: every word as written, the last as far as it is typed.

        `les jardins` -> `'les' & 'jardins':*`; `daft p` -> `'daft' & 'p'`.
        """
        return f"{self.as_written}:*" if self.may_go_on else self.as_written

    def without_end(self) -> Typed:
        """Leave the last word out: it is not yet one."""
        return Typed(self.words[:-1])

    def put_right(self, meant: Mapping[str, str]) -> Typed:
        """Put other words in the place of some."""
        return Typed(tuple(meant.get(word, word) for word in self.words))


def read(query: str) -> Typed:
    """Return the words of a query: `L'Été  à Haÿ` -> l, ete, a, hay."""
    return Typed(tuple(WORD.findall(plain_name(query).translate(UNMARKED))[:MAX_WORDS]))
