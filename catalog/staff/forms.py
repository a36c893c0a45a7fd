"""What operators and deliverers type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.ingest.deliverers import LONGEST


class DelivererForm(forms.Form):
    """A new deliverer."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST,
        help_text=_("Of the label, publisher or studio. It stands for the references and never changes."),
    )


class MemberForm(forms.Form):
    """Somebody who may deliver."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
