"""How every form of the product is drawn: settings.FORM_RENDERER names this."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Draws `{{ form }}` with ui/form.html and each `{{ form.name.as_field_group }}` with ui/field.html."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class DateInput(forms.DateInput):
    """A date in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
