"""Writes what releases are found by. Called whenever their words, or whether they are published, have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Q

from catalog.models import Release, SearchDocument

BATCH = 2_000

# A: title and creators; B: subtitle, subjects, label, tracks, the creators' towns; C: description.
DOCUMENTS = """
WITH asked AS (
    SELECT * FROM catalog_release WHERE id = ANY(%(ids)s) AND status = 'published' AND published_at IS NOT NULL
), makers AS (
    SELECT c.release_id, string_agg(DISTINCT p.name, ' ') AS names, string_agg(DISTINCT h.name, ' ') AS homes,
        array_agg(DISTINCT 'n:' || catalog_plain(p.name)) AS tags
    FROM catalog_credit c JOIN catalog_party p ON p.id = c.party_id
        LEFT JOIN catalog_territory h ON h.id = p.home_id
    WHERE c.release_id = ANY(%(ids)s) GROUP BY c.release_id
), places AS (
    SELECT c.release_id, array_agg(DISTINCT 'p:' || at.level || ':' || at.code) AS tags
    FROM catalog_credit c JOIN catalog_party p ON p.id = c.party_id JOIN catalog_territory h ON h.id = p.home_id
        CROSS JOIN LATERAL (VALUES (h.level, h.code), ('epci', h.epci_code), ('departement', h.departement_code),
            ('region', h.region_code), ('country', h.country_code)) at (level, code)
    WHERE c.release_id = ANY(%(ids)s) AND at.code <> '' GROUP BY c.release_id
), tracks AS (
    SELECT release_id, string_agg(title, ' ') AS titles FROM catalog_resource
    WHERE release_id = ANY(%(ids)s) AND withdrawn_at IS NULL GROUP BY release_id
), said AS (
    SELECT r.id, r.published_at, catalog_plain(r.title) AS title_key,
        catalog_plain(concat_ws(' ', r.title, makers.names)) AS a,
        catalog_plain(concat_ws(' ', r.subtitle, array_to_string(r.subjects, ' '), label.name, tracks.titles,
            makers.homes)) AS b,
        catalog_plain(r.description) AS c,
        ARRAY['m:' || r.medium, 'a:' || coalesce(r.min_age::text, 'none')]
            || ARRAY(SELECT DISTINCT 's:' || lower(btrim(one)) FROM unnest(r.subjects) one)
            || ARRAY(SELECT DISTINCT 'l:' || one FROM unnest(r.languages) one)
            || CASE WHEN r.released_on IS NULL THEN '{}'
                ELSE ARRAY['y:' || extract(year FROM r.released_on)::int / 10 * 10] END
            || ARRAY(SELECT 'x:' || one FROM unnest(r.accessibility) one)
            || coalesce(places.tags, '{}') || coalesce(makers.tags, '{}') AS tags
    FROM asked r LEFT JOIN makers ON makers.release_id = r.id LEFT JOIN places ON places.release_id = r.id
        LEFT JOIN tracks ON tracks.release_id = r.id LEFT JOIN catalog_party label ON label.id = r.label_id
)
INSERT INTO catalog_searchdocument (release_id, published_at, title_key, names, words, tags)
SELECT id, published_at, title_key,
    to_tsvector('catalog_simple', a) || to_tsvector('catalog_french', a),
    setweight(to_tsvector('catalog_simple', a), 'A') || setweight(to_tsvector('catalog_french', a), 'A')
        || setweight(to_tsvector('catalog_simple', b), 'B') || setweight(to_tsvector('catalog_french', b), 'B')
        || setweight(to_tsvector('catalog_french', c), 'C'),
    tags
FROM said ORDER BY published_at, id
ON CONFLICT (release_id) DO UPDATE SET published_at = excluded.published_at, title_key = excluded.title_key,
    names = excluded.names, words = excluded.words, tags = excluded.tags
"""
TERMS = """
WITH credited AS (
    SELECT DISTINCT p.id, p.name FROM catalog_credit c JOIN catalog_party p ON p.id = c.party_id
    WHERE c.release_id = ANY(%(ids)s)
), subjects AS (
    SELECT DISTINCT lower(btrim(one)) AS label FROM catalog_release, unnest(subjects) one WHERE id = ANY(%(ids)s)
), words AS (
    SELECT DISTINCT regexp_split_to_table(key, ' ') AS key FROM (
        SELECT catalog_plain(title) AS key FROM catalog_release WHERE id = ANY(%(ids)s)
        UNION ALL SELECT catalog_plain(name) FROM credited UNION ALL SELECT catalog_plain(label) FROM subjects
    ) said
), terms AS (
    SELECT 'name' AS kind, catalog_plain(name) AS key, name AS label, id AS party_id FROM credited
    UNION ALL SELECT 'subject', catalog_plain(label), label, NULL FROM subjects
    UNION ALL SELECT 'word', key, '', NULL FROM words WHERE length(key) BETWEEN 3 AND 40
)
INSERT INTO catalog_searchterm (kind, key, label, party_id)
SELECT * FROM terms t WHERE key <> '' AND NOT EXISTS (
    SELECT FROM catalog_searchterm s WHERE s.kind = t.kind AND s.key = t.key AND s.label = t.label)
ORDER BY kind, key, label
ON CONFLICT DO NOTHING
"""
# Many documents go into the index at once: a key's new entries are written together (2.5 times as fast).
MEMORY = "SET LOCAL gin_pending_list_limit = '64MB'; SET LOCAL maintenance_work_mem = '128MB'"


@transaction.atomic
def index_releases(*, release_ids: Sequence[int]) -> None:
    """Write the documents of published releases; those of releases that are not published are removed."""
    ids = {"ids": sorted(release_ids)}
    hidden = Release.objects.filter(pk__in=release_ids).exclude(status=Release.Status.PUBLISHED)
    SearchDocument.objects.filter(release__in=hidden).delete()
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute(DOCUMENTS, ids)
        cursor.execute("SELECT gin_clean_pending_list('search_document')")  # no search has to read that list
        cursor.execute(TERMS, ids)


def index_everything(*, only_missing: bool = False) -> Iterator[int]:
    """Write the documents of all published releases, a batch at a time; yield how many are done.

    In order of publication: searches read the newest, which then lie together.
    """
    published = Release.objects.filter(status=Release.Status.PUBLISHED, published_at__isnull=False)
    published = published.order_by("published_at", "pk")
    if only_missing:
        published = published.filter(search_document=None)
    done, left = 0, published
    while batch := list(left.values_list("published_at", "pk")[:BATCH]):
        index_releases(release_ids=[pk for _published_at, pk in batch])
        done, (moment, last) = done + len(batch), batch[-1]
        left = published.filter(Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=last))
        yield done
