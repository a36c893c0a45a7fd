"""What operators and deliverers type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
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


class WaiverForm(forms.Form):
    """Why works come out although their shares are not whole."""

    reason = forms.CharField(label=_("Reason"), max_length=1_000)


class SendForm(forms.Form):
    """A ZIP to be delivered."""

    largest_bytes = 2_000_000_000
    deliverer = forms.ChoiceField(label=_("Deliver as"))
    file = forms.FileField(
        label=_("ZIP"),
        help_text=_("Sheets or messages with the files that they name, up to 2 GB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )

    def __init__(self, *args: Any, names: list[str]) -> None:
        super().__init__(*args)
        self.fields["deliverer"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # of a ChoiceField

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large for a form; larger deliveries are uploaded in parts."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > self.largest_bytes:
            raise forms.ValidationError(_("This file is too large for a form: upload the folder instead."))
        return file


class TryForm(SendForm):
    """A file to be tried out."""

    largest_bytes = 100_000_000

    def __init__(self, *args: Any, names: list[str]) -> None:
        super().__init__(*args, names=names)
        self.fields["file"].label = _("Sheet, message or ZIP")
        self.fields["file"].help_text = _("delivery.csv, delivery.json, DDEX or ONIX, or a ZIP of all of it.")
        self.fields["file"].widget.attrs["accept"] = ".zip,.csv,.json,.xml"
