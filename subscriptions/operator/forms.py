"""What operators type: libraries, offers, subscriptions, invitations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mediaplatform.kernel.money import MICROS
from mediaplatform.ui.forms import DateInput
from subscriptions.billing import selectors as billing
from subscriptions.libraries.selectors import KINDS, ROLES

if TYPE_CHECKING:
    from subscriptions.models import Offer

MEDIA = [("music", _("Music")), ("video", _("Films")), ("book", _("Books")), ("game", _("Games"))]


class LibraryForm(forms.Form):
    """A new library; its territories follow from the commune."""

    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("As its patrons know it: “Médiathèque de Firminy”.")
    )
    commune_code = forms.CharField(
        label=_("Commune"),
        max_length=5,
        help_text=_(
            "INSEE code. Search by name or postal code above the form; its EPCI, département and region follow."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    siret = forms.CharField(label="SIRET", max_length=20, required=False)


class OfferForm(forms.Form):
    """A price list entry, in euros excluding VAT."""

    name = forms.CharField(label=_("Name"), max_length=100)
    per_inhabitant = forms.DecimalField(
        label=_("Price per inhabitant and year"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=6,
        help_text=_("In euros excluding VAT, such as 0.125."),
    )
    minimum = forms.DecimalField(
        label=_("Minimum price a year"),
        min_value=Decimal(0),
        max_digits=11,
        decimal_places=2,
        initial=Decimal(0),
        help_text=_("In euros excluding VAT."),
    )
    included = forms.MultipleChoiceField(
        label=_("Media included"),
        choices=MEDIA,
        widget=forms.CheckboxSelectMultiple,
        initial=[name for name, _label in MEDIA],
    )
    seats = forms.IntegerField(
        label=_("Simultaneous uses"), min_value=1, required=False, help_text=_("Leave empty for no limit.")
    )

    def in_micros(self) -> dict[str, object]:
        """Return the valid form as `billing.services.create_offer` takes it."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "per_inhabitant_micros": int(said["per_inhabitant"] * MICROS),
            "minimum_micros": int(said["minimum"] * MICROS),
            "media": said["included"],
            "seats": said["seats"],
        }


class SubscriptionForm(forms.Form):
    """A library's year."""

    offer: forms.ModelChoiceField[Offer] = forms.ModelChoiceField(
        label=_("Offer"), queryset=None, empty_label=None
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    reference = forms.CharField(
        label=_("Order reference"),
        max_length=50,
        required=False,
        help_text=_("The library's own, for its accounts."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # Django's form takes what it takes
        offers: QuerySet[Offer] = billing.offers_on_sale()
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]  # of a ModelChoiceField


def year_from(day: date) -> dict[str, date]:
    """Return the days of a year that begins on the first of the month after `day`, for a new form."""
    first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return {"starts_on": first, "ends_on": first.replace(year=first.year + 1) - timedelta(days=1)}


class AdministratorForm(forms.Form):
    """A library's member of staff, invited by the cooperative."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in reversed(ROLES)])
