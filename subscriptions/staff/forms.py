"""What the staff of a library types."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import EmailValidator, RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from mediaplatform.ui.forms import DateInput
from subscriptions.libraries.selectors import ROLES


class BatchForm(forms.Form):
    """A batch of access codes."""

    name = forms.CharField(
        label=_("Name of the batch"),
        max_length=60,
        help_text=_("For you: “Desk, autumn 2026”, a class, an event."),
    )
    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=1_000, initial=50)
    expires_on = forms.DateField(
        label=_("Valid until"),
        widget=DateInput(),
        help_text=_("Last day on which a code can be used for the first time."),
    )

    def __init__(self, *args: object, today: date, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # Django's form takes what it takes
        self.today = today

    def clean_expires_on(self) -> date:
        """Refuse a sheet that nobody could use."""
        day: date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over: choose today or a later one."))
        return day


def is_contact(text: str) -> None:
    """Refuse what is neither an e-mail address nor a page's address."""
    check = URLValidator(schemes=["http", "https"]) if "://" in text else EmailValidator()
    try:
        check(text)
    except forms.ValidationError as error:
        raise forms.ValidationError(
            _("Write an e-mail address, or the address of a page with https://.")
        ) from error


class LookForm(forms.Form):
    """How a library shows itself to its patrons."""

    accent = forms.CharField(
        label=_("Colour"),
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write a colour as # and six hexadecimal digits."))],
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Text in it is made dark or light enough to be read, on paper and in the dark."),
    )
    welcome = forms.CharField(
        label=_("Welcome text"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands on your page, above the field for the code."),
    )
    contact = forms.CharField(
        label=_("Where patrons ask"),
        required=False,
        max_length=300,
        validators=[is_contact],
        help_text=_(
            "An e-mail address or the address of a page. Offered to patrons who look for something and do not find it."
        ),
    )


class InvitationForm(forms.Form):
    """A colleague who is let into the console."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in ROLES],
        help_text=_("A reader looks, a manager lets patrons in, an administrator does all."),
    )


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(choices=[(role.value, role.label) for role in ROLES])
