"""Patrons without names: a code, an account number, profiles; pseudonyms for the log by the month."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

AGE_BANDS = (3, 6, 10, 13, 16)


class Patron(models.Model):
    """A member of a library's public. Nothing here says who it is.

    With `secret` gone, no pseudonym of theirs can be made again, whatever key is at hand.
    """

    library = models.ForeignKey("subscriptions.Library", on_delete=models.CASCADE, related_name="patrons")
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    pin_hash = models.CharField(
        max_length=128,
        blank=True,
        default="",
        db_default="",
        help_text="of the PIN to leave a child's profile",
    )
    pin_failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    pin_locked_until = models.DateTimeField(null=True, blank=True)
    secret = models.BinaryField(
        db_default=Func(Func(function="gen_random_uuid"), function="uuid_send"),
        help_text="what their pseudonyms are made of, beside the month's key",
    )

    class Meta:
        verbose_name = _("patron")
        verbose_name_plural = _("patrons")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.library} #{self.pk}"


class Profile(models.Model):
    """Who of a household is using the account: an adult, or a child of an age band."""

    class Kind(models.TextChoices):
        ADULT = "adult", _("adult")
        YOUTH = "youth", _("youth")

    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="profiles")
    name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.ADULT)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="age band of a youth profile")
    keeps_history = models.BooleanField(
        default=False, help_text="remembers where a playback stopped: only if the patron says so"
    )
    keeps_saves = models.BooleanField(
        default=True, db_default=True, help_text="what games save goes along to other browsers"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="adult", max_age=None) | Q(kind="youth", max_age__in=AGE_BANDS),
                name="profile_age_band",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class CodeBatch(models.Model):
    """Codes made together: one printed sheet, one last day on which they can be redeemed."""

    library = models.ForeignKey(
        "subscriptions.Library", on_delete=models.CASCADE, related_name="code_batches"
    )
    name = models.CharField(_("name"), max_length=60)
    expires_on = models.DateField(_("valid until"), help_text="last day on which a code can be redeemed")
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("batch of access codes")
        verbose_name_plural = _("batches of access codes")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="code_batch_name_once")]

    def __str__(self) -> str:
        return self.name


class AccessCode(models.Model):
    """A code that a library hands out; redeemed once for a patron, who comes back with it.

    Looked up by a keyed hash over library and code. The readable form is kept encrypted for printing until
    the code is redeemed or withdrawn.
    """

    class State(models.TextChoices):
        FREE = "free", _("to hand out")
        REDEEMED = "redeemed", _("in use")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("withdrawn")

    batch = models.ForeignKey(CodeBatch, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=32, unique=True)
    sealed_code = models.BinaryField(null=True, help_text="encrypted; emptied when redeemed or withdrawn")
    last_four = models.CharField(max_length=4)
    patron = models.ForeignKey(
        Patron, null=True, blank=True, on_delete=models.CASCADE, related_name="access_codes"
    )
    redeemed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")
        ordering = ["-batch_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(patron=None, redeemed_at=None)
                | Q(patron__isnull=False, redeemed_at__isnull=False),
                name="access_code_redeemed_for_someone",
            ),
            models.CheckConstraint(
                condition=Q(redeemed_at=None, revoked_at=None) | Q(sealed_code=None),
                name="access_code_readable_only_while_free",
            ),
        ]

    def __str__(self) -> str:
        return f"····-····-{self.last_four}"

    @classmethod
    def state_condition(cls, state: str, *, on: date) -> Q:
        """Return what makes a code be in a state on a day; `state_on` is the same rule for one row."""
        unused = Q(redeemed_at=None, revoked_at=None)
        conditions = {
            cls.State.FREE: unused & Q(batch__expires_on__gte=on),
            cls.State.EXPIRED: unused & Q(batch__expires_on__lt=on),
            cls.State.REDEEMED: Q(redeemed_at__isnull=False, revoked_at=None),
            cls.State.REVOKED: Q(revoked_at__isnull=False),
        }
        return conditions[cls.State(state)]

    def state_on(self, day: date) -> State:
        """Return what the code is good for on a day."""
        if self.revoked_at:
            return self.State.REVOKED
        if self.redeemed_at:
            return self.State.REDEEMED
        return self.State.EXPIRED if self.batch.expires_on < day else self.State.FREE


class PseudonymKey(models.Model):
    """The key of a month's pseudonyms; destroyed 4 months after the month's close, and then nobody can link.

    A month that nobody closes keeps its key for a year at most.
    """

    month = models.CharField(max_length=7, unique=True, help_text="yyyy-mm")
    key = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="when the month's accounts were closed")
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key=None, destroyed_at__isnull=False) | Q(key__isnull=False, destroyed_at=None),
                name="pseudonym_key_there_or_destroyed",
            )
        ]

    def __str__(self) -> str:
        return self.month


class SignedInBeside(models.Model):
    """An account was signed in in the browser in which a patron was, in a month; both only as hashes by its key.

    For the screening of a payee's own household. Goes with the month's key.
    """

    month = models.CharField(max_length=7, help_text="yyyy-mm")
    account = models.CharField(max_length=32, help_text="keyed hash of the account's id")
    pseudonym = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "account", "pseudonym"], name="signed_in_beside_once")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.account[:8]}"
