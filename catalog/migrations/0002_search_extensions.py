"""Text search configurations that know no accents: words as written, and French stems."""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH CONFIGURATION catalog_{name} (COPY = {base});
ALTER TEXT SEARCH CONFIGURATION catalog_{name}
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH unaccent, {dictionary};
"""
DROP = "DROP TEXT SEARCH CONFIGURATION catalog_{name};"
CONFIGURATIONS = [("simple", "simple", "simple"), ("french", "french", "french_stem")]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE.format(name=name, base=base, dictionary=dictionary), DROP.format(name=name))
        for name, base, dictionary in CONFIGURATIONS
    ]
