"""Translations are found, merged and compiled without GNU gettext."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from mediaplatform.infrastructure import messages

TEMPLATE = """{% load static %}
<p title="l'eau">It's {% translate "Play" %} {% translate "May" context "month" %} {{ _("Stop")|upper }}</p>
{# Translators: the count is of tracks #}
{% blocktranslate count n=tracks|length trimmed with who=artist.name %}
  One track of {{ who }}'s
{% plural %}
  {{ n }} tracks of {{ who }}
{% endblocktranslate %}
{% comment %}{% translate "Nothing" %}{% endcomment %}
"""
SOURCE = """
from django.utils.translation import gettext_lazy, gettext_lazy as _, ngettext, pgettext_lazy
TITLE = _("A title")
LAZY = gettext_lazy("Lazy")
MONTH = pgettext_lazy("month", "March")
def say(n): return ngettext("%(n)s seat", "%(n)s seats", n)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "catalog" / "templates").mkdir(parents=True)
    (tmp_path / "catalog" / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "catalog" / "titles.py").write_text(SOURCE)
    (tmp_path / "catalog" / "notes.html").write_text('{% translate "Not a template" %}')
    return tmp_path


def test_every_kind_of_message_is_found(project: Path) -> None:
    found = {(message, context) for message, _, _, _, context in messages.extract_messages(project)}
    assert found == {
        ("Play", None),
        ("May", "month"),
        ("Stop", None),
        (("One track of %(who)s's", "%(n)s tracks of %(who)s"), None),
        ("A title", None),
        ("Lazy", None),
        ("March", "month"),
        (("%(n)s seat", "%(n)s seats"), None),
    }


def test_a_message_knows_its_file_and_line(project: Path) -> None:
    places = {message: (place, line) for message, place, line, _, _ in messages.extract_messages(project)}
    assert places["Play"] == ("catalog/templates/page.html", 2)
    assert places["A title"] == ("catalog/titles.py", 3)


def test_a_translation_is_kept_compiled_and_read(project: Path) -> None:
    locales = project / "locale"
    assert set(messages.update_messages("fr", project=project, locales=locales)) >= {"Play", "A title"}
    catalogue = locales / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.write_text(
        catalogue.read_text().replace('msgid "Play"\nmsgstr ""', 'msgid "Play"\nmsgstr "Écouter"')
    )
    assert "Play" not in messages.update_messages("fr", project=project, locales=locales)
    assert messages.compile_messages(locales) == [catalogue.with_suffix(".mo")]
    assert gettext.translation("django", locales, ["fr"]).gettext("Play") == "Écouter"


def test_what_has_not_changed_is_not_compiled_again(project: Path) -> None:
    messages.update_messages("fr", project=project, locales=project / "locale")
    messages.compile_messages(project / "locale")
    assert messages.compile_messages(project / "locale") == []


def test_a_message_that_is_gone_leaves_the_catalogue(project: Path) -> None:
    messages.update_messages("fr", project=project, locales=project / "locale")
    (project / "catalog" / "titles.py").write_text("")
    messages.update_messages("fr", project=project, locales=project / "locale")
    assert "A title" not in (project / "locale" / "fr" / "LC_MESSAGES" / "django.po").read_text()
