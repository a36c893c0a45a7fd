"""Releases are what a patron sees; resources are what is played."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from typing import ClassVar, Protocol, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class Medium(models.TextChoices):
    MUSIC = "music", _("music")
    VIDEO = "video", _("video")
    BOOK = "book", _("book")
    GAME = "game", _("game")


class Kept(Protocol):
    """What a library keeps out of its offer; see catalog.works.audience.Exclusions."""

    @property
    def release_ids(self) -> AbstractSet[int]: ...
    @property
    def publisher_ids(self) -> AbstractSet[int]: ...
    @property
    def is_explicit_excluded(self) -> bool: ...


class Viewer(Protocol):
    """What of an audience decides visibility; see catalog.works.audience."""

    @property
    def country(self) -> str: ...
    @property
    def media(self) -> AbstractSet[str]: ...
    @property
    def max_age(self) -> int | None: ...
    @property
    def is_youth(self) -> bool: ...
    @property
    def exclusions(self) -> Kept: ...


class ReleaseQuerySet(models.QuerySet["Release"]):
    """The one place that decides what is shown."""

    def visible_to(self, audience: Viewer, *, on: date) -> Self:
        """Keep what a profile may see on a day, on whatever surface.

        Published, available in its country on that day, of a medium that the library's subscription includes.
        Not what the library excludes. A youth profile sees rated works at or under its age band, nothing
        explicit and nothing unrated.
        """
        open_windows = Availability.objects.filter(
            Q(countries=[]) | Q(countries__contains=[audience.country]),
            Q(ends_on=None) | Q(ends_on__gt=on),
            release=OuterRef("pk"),
            starts_on__lte=on,
        )
        shown = self.filter(
            Exists(open_windows), status=Release.Status.PUBLISHED, medium__in=sorted(audience.media)
        ).without(audience.exclusions)
        if not (audience.is_youth or audience.max_age is not None):
            return shown
        if audience.max_age is None:
            return shown.none()
        return shown.filter(min_age__lte=audience.max_age, is_explicit=False)

    def without(self, kept: Kept) -> Self:
        """Leave out what a library excludes: works, all that a publisher published, explicit ones."""
        left = self.exclude(pk__in=sorted(kept.release_ids)) if kept.release_ids else self
        if kept.is_explicit_excluded:
            left = left.filter(is_explicit=False)
        if kept.publisher_ids:
            published = Credit.objects.filter(
                release=OuterRef("pk"), role=Credit.Role.PUBLISHER, party__in=sorted(kept.publisher_ids)
            )
            left = left.exclude(label__in=sorted(kept.publisher_ids)).exclude(Exists(published))
        return left

    def for_everybody(self, *, on: date) -> Self:
        """Keep what may stand where anybody passes, a library's public page: available somewhere, not explicit."""
        open_windows = Availability.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=on), release=OuterRef("pk"), starts_on__lte=on
        )
        return self.filter(Exists(open_windows), status=Release.Status.PUBLISHED, is_explicit=False)


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Resources follow their release."""

    def visible_to(self, audience: Viewer, *, on: date) -> Self:
        """Keep the resources of visible releases that were not taken out of them."""
        return self.filter(withdrawn_at=None, release__in=Release.objects.visible_to(audience, on=on))


class Release(models.Model):
    """An album, film, series season, book or game, as delivered by one party under its own reference."""

    class Kind(models.TextChoices):
        ALBUM = "album", _("album")
        SINGLE = "single", _("single")
        FILM = "film", _("film")
        SERIES = "series", _("series")
        BOOK = "book", _("book")
        PICTURE_BOOK = "picture_book", _("picture book")
        COMIC = "comic", _("comic")
        AUDIOBOOK = "audiobook", _("audiobook")
        GAME = "game", _("game")

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    deliverer = models.CharField(max_length=100, help_text="who delivered it; references are theirs")
    reference = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    medium = models.CharField(max_length=8, choices=Medium)
    kind = models.CharField(max_length=16, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    released_on = models.DateField(null=True, blank=True)
    ean = models.CharField("EAN", max_length=14, blank=True)
    label = models.ForeignKey(
        "catalog.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    subjects = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    description = models.TextField(blank=True)
    min_age = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="empty: not rated, hidden from youth"
    )
    pegi = models.PositiveSmallIntegerField(
        "PEGI", null=True, blank=True, help_text="3, 7, 12, 16 or 18; games"
    )
    pegi_descriptors = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    max_age = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="up to which age it is meant; a word to parents, hides nothing"
    )
    p_line = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="2026 Rive Gauche: of the recording"
    )
    c_line = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="2026 Rive Gauche: of the release"
    )
    accessibility = ArrayField(
        models.CharField(max_length=2),
        default=list,
        db_default=[],
        blank=True,
        help_text="codes of ONIX list 196",
    )
    related = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        help_text="[[code of ONIX list 51, ISBN], ...] of related products",
    )
    platforms = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], blank=True, help_text="games"
    )
    controls = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], blank=True, help_text="games"
    )
    min_players = models.PositiveSmallIntegerField(null=True, blank=True, help_text="games")
    max_players = models.PositiveSmallIntegerField(null=True, blank=True, help_text="games")
    needs_threads = models.BooleanField(
        default=False, db_default=False, help_text="games that share memory between threads"
    )
    has_audio_description = models.BooleanField(default=False, db_default=False, help_text="films")
    is_explicit = models.BooleanField(default=False)
    is_youth = models.BooleanField(default=False)
    cover = models.ForeignKey(
        "catalog.MediaFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    loudness_lufs = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="of an album, heard as a whole"
    )
    true_peak_dbtp = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[ReleaseQuerySet] = ReleaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["ean"], name="release_ean")]  # related works are named by it
        constraints = [
            models.UniqueConstraint(fields=["deliverer", "reference"], name="release_reference_once"),
            models.CheckConstraint(condition=Q(min_age__lte=18) | Q(min_age=None), name="release_min_age"),
            models.CheckConstraint(
                condition=Q(pegi__in=[3, 7, 12, 16, 18]) | Q(pegi=None), name="release_pegi"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Resource(models.Model):
    """A track, episode, text or bundle: the grain of plays and of rights."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="resources")
    reference = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    medium = models.CharField(max_length=8, choices=Medium)
    original = models.ForeignKey(
        "catalog.MediaFile", null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    isrc = models.CharField("ISRC", max_length=12, blank=True)
    duration_s = models.PositiveIntegerField(
        null=True, blank=True, help_text="whole seconds; empty for books and games"
    )
    loudness_lufs = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    true_peak_dbtp = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    tracks_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False, help_text="of its film tracks"
    )
    waveform = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, help_text="200 peaks, 0 to 100"
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="taken out of its release; plays stay valid"
    )

    objects: ClassVar[ResourceQuerySet] = ResourceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["release_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["release", "reference"], name="resource_reference_once")
        ]

    def __str__(self) -> str:
        return self.title


class Credit(models.Model):
    """A party's role on a release, or on one of its resources."""

    class Role(models.TextChoices):
        MAIN_ARTIST = "main_artist", _("main artist")
        AUTHOR = "author", _("author")
        ILLUSTRATOR = "illustrator", _("illustrator")
        TRANSLATOR = "translator", _("translator")
        COMPOSER = "composer", _("composer")
        PERFORMER = "performer", _("performer")
        DIRECTOR = "director", _("director")
        DEVELOPER = "developer", _("developer")
        PUBLISHER = "publisher", _("publisher")
        NARRATOR = "narrator", _("narrator")

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="credits")
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="credits"
    )
    party = models.ForeignKey("catalog.Party", on_delete=models.PROTECT, related_name="credits")
    role = models.CharField(max_length=16, choices=Role)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["release_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "resource", "party", "role"], name="credit_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.get_role_display()})"


class Availability(models.Model):
    """Where and when a release may be shown: ISO country codes (empty: the world), [starts_on, ends_on)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="availabilities")
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("starts_on")), name="availability_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.countries) or 'world'} {self.starts_on} - {self.ends_on or ''}"
