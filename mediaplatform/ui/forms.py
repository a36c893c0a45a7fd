"""How every form of the product is drawn: settings.FORM_RENDERER names this."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Draws `{{ form }}` with ui/form.html and each `{{ form.name.as_field_group }}` with ui/field.html."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
