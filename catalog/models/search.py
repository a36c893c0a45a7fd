"""What the catalogue is found by: one narrow row a published release, and the words that people may mean."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalog.models.releases import Medium, Release, Viewer


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Documents are seen when their release is."""

    def visible_to(self, audience: Viewer, *, on: date) -> Self:
        """Keep the documents of releases that `Release.objects.visible_to` keeps.

        The tags only let an index leave out most of the rest; they never decide.
        """
        found = self.filter(release__in=Release.objects.visible_to(audience, on=on))
        for tags in hints(audience):
            found = found.filter(tags__overlap=tags)
        return found


def hints(audience: Viewer) -> list[list[str]]:
    """Return tags, of each list of which a document needs one to be of the audience's media and for its age.

    All that it sees bears them, and more does.
    """
    wanted = []
    if len(audience.media) < len(Medium.values):
        wanted.append([f"m:{medium}" for medium in sorted(audience.media)])
    if audience.max_age is not None:
        wanted.append([f"a:{age}" for age in range(audience.max_age + 1)])
    return wanted


class SearchDocument(models.Model):
    """All that a search reads of a published release; written by catalog.works.search.indexing alone.

    `names` holds the words of titles and creators, `words` these (weight A) and all others (B, C). `tags` are
    facets' values and places, a letter and a colon before each (catalog.works.search.facets): m medium,
    s subject, l language, a minimum age, y decade, x accessibility, p place by level, n creator's plain name.
    `spans`: the stretches of two minutes, two hours and six days that it was published in (catalog.works.search.spans).
    """

    release = models.OneToOneField(
        Release, primary_key=True, on_delete=models.CASCADE, related_name="search_document"
    )
    published_at = models.DateTimeField()
    title_key = models.TextField(db_collation="C", help_text="plain title: for order and beginnings")
    names = SearchVectorField()
    words = SearchVectorField()
    tags = ArrayField(models.TextField(), default=list)
    spans = models.GeneratedField(
        expression=models.Func(models.F("published_at"), function="catalog_spans"),
        output_field=ArrayField(models.IntegerField()),
        db_persist=True,
    )

    objects: ClassVar[SearchDocumentQuerySet] = SearchDocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            # One index over all four: words AND facets AND age AND time are intersected inside it.
            GinIndex(fields=["words", "names", "tags", "spans"], name="search_document"),
            models.Index(fields=["-published_at", "-release"], name="search_document_newest"),
            models.Index(fields=["title_key", "release"], name="search_document_title"),
        ]

    def __str__(self) -> str:
        return self.title_key


class SearchTerm(models.Model):
    """Something that people type: a word (to put typos right), a creator's name, a subject.

    Terms of what is no longer shown may stay: nothing is suggested before a visible document bears it.
    """

    class Kind(models.TextChoices):
        WORD = "word"
        NAME = "name"
        SUBJECT = "subject"

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.TextField(db_collation="C", help_text="plain: without accents, capitals and punctuation")
    label = models.TextField(blank=True, help_text="as it is written; a word has none")
    party = models.ForeignKey("catalog.Party", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "label"], name="search_term_once")]
        indexes = [
            GinIndex(
                fields=["key"],
                opclasses=["gin_trgm_ops"],
                condition=models.Q(kind="word"),
                name="search_word_alike",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.key
