"""What is asked of a large catalogue: by kind, what people type, as they type it."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.catalogue_data import Vocabulary
from catalog.works.audience import Audience
from catalog.works.search.catalogue import search_catalogue
from catalog.works.search.results import SearchRequest
from catalog.works.search.suggestions import suggest
from catalog.works.towns import suggest_towns
from mediaplatform.kernel.territories import Place

Question = Callable[[], object]
EVERYTHING = frozenset({"music", "video", "book", "game"})
CHOICES: tuple[dict[str, tuple[str, ...]], ...] = (
    {"medium": ("book",)},
    {"medium": ("music", "video"), "language": ("fr",)},
    {"near": ("region",)},
    {"age": ("6",)},
    {"decade": ("2020",), "language": ("br", "oc")},
)


def make_audience(*, max_age: int | None = None, media: frozenset[str] = EVERYTHING) -> Audience:
    """Return an audience in the made-up commune 00042."""
    departement = 42 * 7 % 96
    return Audience(
        library_id=1,
        library_name="",
        library_slug="",
        patron_id=1,
        profile_id=1,
        place=Place("00042", "E0003", f"{departement:02}", f"{departement % 13:02}", "FR"),
        own=frozenset({("commune", "00042")}),
        country="FR",
        max_age=max_age,
        media=media,
        is_youth=max_age is not None,
    )


def make_questions(
    words: Vocabulary, chance: random.Random, *, times: int
) -> dict[tuple[str, str], list[Question]]:
    """Return `times` questions of each kind, by (search or typeahead, what is typed)."""
    audiences = [make_audience(), make_audience(max_age=6), make_audience(media=frozenset({"book"}))]

    def title() -> str:
        return words.title(chance)

    def word() -> str:
        return max(title().split() or ["love"], key=len)

    def typo() -> str:
        made = word()
        at = chance.randrange(1, max(len(made) - 1, 2))
        return made[:at] + made[at + 1 :]

    def begun(text: str) -> str:
        return text[: chance.randint(1, 9)]

    searches: dict[str, Callable[[], SearchRequest]] = {
        "a whole title": lambda: SearchRequest(query=title()),
        "one word": lambda: SearchRequest(query=word()),
        "a name": lambda: SearchRequest(query=words.name(chance)),
        "as one types": lambda: SearchRequest(query=begun(title())),
        "a word's first three to five letters": lambda: SearchRequest(query=word()[: chance.randint(3, 5)]),
        "very common words": lambda: SearchRequest(
            query=chance.choice(["the", "love", "la", "de", "le", "of", "a", "vie"])
        ),
        "a word with a typo": lambda: SearchRequest(query=typo()),
        "a word, by title": lambda: SearchRequest(query=word(), sort="title"),
        "nothing typed": lambda: SearchRequest(sort=chance.choice(["newest", "title", "nearest"])),
        "nothing typed, facets": lambda: SearchRequest(chosen=chance.choice(CHOICES)),
        "a word, facets": lambda: SearchRequest(query=word(), chosen=chance.choice(CHOICES)),
        "common words, facets": lambda: SearchRequest(
            query=chance.choice(["the", "love", "la"]), chosen=chance.choice(CHOICES)
        ),
    }
    typing: dict[str, Callable[[], str]] = {
        "1 to 9 letters of a title": lambda: begun(title()),
        "1 to 9 letters of a name": lambda: begun(words.name(chance)),
        "a word with a typo": typo,
    }
    questions: dict[tuple[str, str], list[Question]] = {}
    for name, make in searches.items():
        questions["search", name] = [
            _search(audiences[number % len(audiences)], make()) for number in range(times)
        ]
    for name, write in typing.items():
        questions["typeahead", name] = [
            _suggest(audiences[number % len(audiences)], write()) for number in range(times)
        ]
    return questions


def _search(audience: Audience, request: SearchRequest) -> Question:
    return lambda: search_catalogue(audience=audience, request=request)


def _suggest(audience: Audience, query: str) -> Question:
    return lambda: (suggest(audience=audience, query=query), suggest_towns(audience=audience, query=query))
