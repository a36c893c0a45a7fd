"""Libraries, the territories they serve, and their staff."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mediaplatform.kernel.territories import Place


class Library(models.Model):
    """A customer: a public library or network of them, an Institut français, a school."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("public library")
        INSTITUT = "institut", _("Institut français")
        SCHOOL = "school", _("school")

    name = models.CharField(_("name"), max_length=150, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PUBLIC)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    town = models.CharField(_("town"), max_length=150)
    population = models.PositiveIntegerField(_("inhabitants served"))
    accent = models.CharField(
        _("colour"),
        max_length=7,
        default="#7a2e1d",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write a colour as # and six hexadecimal digits."))],
    )
    welcome = models.TextField(_("welcome text"), blank=True)
    contact = models.CharField(
        _("contact"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="where patrons ask: an e-mail address or a page",
    )
    territories = models.ManyToManyField("catalog.Territory", through="LibraryTerritory", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("library")
        verbose_name_plural = _("libraries")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where the library is, one code a level: its own territory before one that it merely lies in."""
        rungs = sorted(self.ladder.all(), key=lambda rung: (not rung.is_own, rung.pk))
        codes: dict[str, str] = {}
        for rung in rungs:
            codes.setdefault(rung.territory.level, rung.territory.code)
        return Place(**codes)

    @property
    def own(self) -> frozenset[tuple[str, str]]:
        """The territories that the library itself serves, as (level, code)."""
        return frozenset(
            (rung.territory.level, rung.territory.code) for rung in self.ladder.all() if rung.is_own
        )


class LibraryTerritory(models.Model):
    """A territory on a library's ladder: its own ones, and what they lie in."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="ladder")
    territory = models.ForeignKey("catalog.Territory", on_delete=models.PROTECT, related_name="+")
    is_own = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "territory"], name="library_territory_once")
        ]

    def __str__(self) -> str:
        return f"{self.library}: {self.territory}"


class StaffMembership(models.Model):
    """What a user may do for a library."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("administrator")
        MANAGER = "manager", _("manager")
        READER = "reader", _("reader")

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="library_memberships")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "user"], name="staff_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.library} ({self.role})"
