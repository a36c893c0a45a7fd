"""Spans of publication in the search's index. The generated column writes every document anew: half a minute a million."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

SPANS = """
CREATE FUNCTION catalog_spans(timestamptz) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY[(s >> 7)::integer, (s >> 13)::integer, (s >> 19)::integer]
    FROM (VALUES (floor(extract(epoch FROM $1))::bigint)) at (s)
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0017_needs_threads'),
    ]

    operations = [
        migrations.RunSQL(SPANS, "DROP FUNCTION catalog_spans(timestamptz);"),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_document',
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='spans',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('published_at'), function='catalog_spans'), output_field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words', 'names', 'tags', 'spans'], name='search_document'),
        ),
    ]
