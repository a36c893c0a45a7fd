"""What a person says of a new API key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediaplatform.accounts import tokens


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=100, help_text=_("For example: the shop's export")
    )
    may_deliver = forms.BooleanField(label=_("May deliver, not only read"), required=False)

    def clean(self) -> dict[str, Any]:
        """Put scopes in the place of the box."""
        said = super().clean() or {}
        scopes = [tokens.DELIVER] if said.pop("may_deliver", False) else []
        return {**said, "scopes": scopes}
