"""What a visitor types at a library's door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.works.search.facets import AGES


class CodeForm(forms.Form):
    """An access code; spaces, hyphens, case and look-alike letters are forgiven (kernel.ids)."""

    code = forms.CharField(
        label=_("Access code"),
        max_length=40,
        help_text=_(
            "Twelve letters and digits from your library. Capitals, spaces and hyphens don't matter."
        ),
        error_messages={"required": _("Type the code that your library gave you.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class PinForm(forms.Form):
    """A household's PIN."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=8,
        error_messages={"required": _("Type the PIN."), "max_length": _("A PIN has 4 to 8 digits.")},
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class YouthForm(forms.Form):
    """A child's profile."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        help_text=_("A nickname or a letter will do. Only this account sees it."),
        error_messages={"required": _("Write a name, a nickname or a letter, of 40 characters at most.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    max_age = forms.ChoiceField(
        label=_("What may be shown"),
        help_text=_("Works rated for this age or below. What nobody has rated is not shown."),
        error_messages={
            "required": _("Choose one of the ages."),
            "invalid_choice": _("Choose one of the ages."),
        },
        widget=forms.RadioSelect,
    )
    pin = forms.CharField(
        label=_("PIN of the account"),
        max_length=8,
        help_text=_("4 to 8 digits. It is asked for when somebody leaves a child's profile."),
        error_messages={"required": _("Choose a PIN of 4 to 8 digits.")},
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, asks_pin: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["max_age"].choices = [  # type: ignore[attr-defined]
            (str(age), gettext("Suits a child of %(age)s") % {"age": age}) for age in AGES
        ]
        if not asks_pin:
            del self.fields["pin"]
