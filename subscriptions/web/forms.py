"""What a visitor types at a library's door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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
