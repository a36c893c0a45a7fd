"""Full text search: words as written and French stems, without accents, and trigrams for typos."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Coalesce, Greatest

from catalog.models.releases import ReleaseQuerySet
from catalog.territories.official import plain_name

SIMPLE, FRENCH = "catalog_simple", "catalog_french"
WORD = re.compile(r"\w+")
MAX_WORDS = 12
ALIKE = 0.5  # word similarity from which a typo is forgiven

# A: title and creators; B: subtitle, subjects, label, tracks, the creators' towns; C: description.
INDEX = """
WITH words AS (
    SELECT r.id,
        concat_ws(' ', r.title, (SELECT string_agg(DISTINCT p.name, ' ') FROM catalog_credit c
            JOIN catalog_party p ON p.id = c.party_id WHERE c.release_id = r.id)) AS a,
        concat_ws(' ', r.subtitle, array_to_string(r.subjects, ' '), l.name, (SELECT string_agg(t.title, ' ')
            FROM catalog_resource t WHERE t.release_id = r.id AND t.withdrawn_at IS NULL),
            (SELECT string_agg(DISTINCT h.name, ' ') FROM catalog_credit c JOIN catalog_party p ON p.id = c.party_id
            JOIN catalog_territory h ON h.id = p.home_id WHERE c.release_id = r.id)) AS b,
        r.description AS c
    FROM catalog_release r LEFT JOIN catalog_party l ON l.id = r.label_id WHERE r.id = ANY(%s)
)
UPDATE catalog_release r SET
    search_title = lower(unaccent(words.a)),
    search_vector =
        setweight(to_tsvector('catalog_simple', words.a), 'A') || setweight(to_tsvector('catalog_french', words.a), 'A')
        || setweight(to_tsvector('catalog_simple', words.b), 'B')
        || setweight(to_tsvector('catalog_french', words.b), 'B')
        || setweight(to_tsvector('catalog_french', words.c), 'C')
FROM words WHERE words.id = r.id
"""


def index_releases(*, release_ids: Sequence[int]) -> None:
    """Write what the releases are found by; called whenever their words have changed."""
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [list(release_ids)])


def match(releases: ReleaseQuerySet, query: str) -> ReleaseQuerySet:
    """Keep what the words find, the last one as far as it is typed; annotated with `relevance`, 0 upwards.

    A query without a word finds nothing.
    """
    typed = plain_name(query)
    words = WORD.findall(typed)[:MAX_WORDS]
    if not words:
        return releases.none()
    begun = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    queries = [
        SearchQuery(" ".join(words), config=FRENCH),
        SearchQuery(begun, config=SIMPLE, search_type="raw"),
    ]
    found = reduce(or_, (Q(search_vector=one) for one in queries)) | Q(
        search_title__trigram_word_similar=typed
    )
    likeness = TrigramWordSimilarity(typed, "search_title")
    ranks = [
        Coalesce(SearchRank(F("search_vector"), one), Value(0.0), output_field=FloatField())
        for one in queries
    ]
    scored = releases.filter(found).annotate(text=Greatest(*ranks), likeness=likeness)
    return scored.filter(Q(text__gt=0.0001) | Q(likeness__gte=ALIKE)).annotate(
        relevance=F("text") + F("likeness")
    )
