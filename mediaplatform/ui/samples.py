"""Invented things for the gallery: works, amounts and months that belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from mediaplatform.ui.charts import Bar, Series

MESSAGE = _("The twelve codes were created.")
ACCENTS = ("7a2e1d", "0b5d57", "f2c230", "2340a8", "c4187c", "111111")
ICONS = (
    *(
        "play",
        "pause",
        "skip-forward",
        "skip-back",
        "volume-2",
        "list-music",
        "timer",
        "gauge",
        "search",
        "user",
    ),
    *(
        "house",
        "log-out",
        "library",
        "music",
        "film",
        "book-open",
        "gamepad-2",
        "map-pin",
        "check",
        "x",
        "plus",
    ),
    *("minus", "arrow-left", "arrow-right", "arrow-up-right", "download", "printer", "key-round", "users"),
    *("calendar", "receipt", "coins", "chart-column", "file-text", "truck", "package", "layout-dashboard"),
    *("settings", "info", "circle-check", "circle-alert", "triangle-alert"),
)


@dataclass(frozen=True, slots=True)
class SampleCard:
    """Stands for catalog.works.cards.ReleaseCard, which this layer must not know."""

    id: int
    title: str
    artist: str
    medium: str
    place_label: str = ""
    cover_url: str = ""
    url: str = "#tile"
    play_url: str = "#tile"
    is_playable: bool = True


CARDS = (
    SampleCard(1, "Les Heures de la Loire", "Anouk Verdier", "music", "Firminy, chez vous"),
    SampleCard(2, "Le Petit Pont de Vinay", "Marius Tane et Lou Bresson", "book", "Saint-Chamond, tout près"),
    SampleCard(3, "Tisserands", "Collectif Navette", "video", "Roanne, dans votre département"),
    SampleCard(4, "Ferrailles", "Dix Mille Tours", "music", "Saint-Étienne, chez vous"),
    SampleCard(5, "Deux mille quarante-huit cailloux", "Atelier Gravier", "game", "Lyon, dans votre région"),
    SampleCard(
        6, "Nocturne pour une ville sans fleuve", "Iris Colombat", "music", "Annonay, dans votre région"
    ),
    SampleCard(7, "Abécédaire des passementiers", "Zélie Fontvieille", "book"),
    SampleCard(8, "Ô", "Solène Ardouin", "music", "Bruxelles"),
)
BARS = (
    Bar("Musique", 8240, "8 240"),
    Bar("Livres", 3120, "3 120"),
    Bar("Films", 1480, "1 480"),
    Bar("Jeux", 260, "260", "depuis mai"),
)
MONTHS = tuple(
    Bar(label, value, f"{value}")
    for label, value in (
        ("janv.", 210),
        ("févr.", 264),
        ("mars", 240),
        ("avr.", 305),
        ("mai", 342),
        ("juin", 318),
        ("juil.", 190),
        ("août", 176),
        ("sept.", 388),
        ("oct.", 431),
    )
)
SERIES = (
    Series(
        "Territoire",
        (12, 14, 15, 19, 22, 24, 20, 21, 30, 37),
        tuple(f"{v} €" for v in (12, 14, 15, 19, 22, 24, 20, 21, 30, 37)),
    ),
    Series(
        "Écoutes",
        (20, 22, 21, 25, 26, 24, 18, 17, 29, 31),
        tuple(f"{v} €" for v in (20, 22, 21, 25, 26, 24, 18, 17, 29, 31)),
    ),
    Series(
        "Diversité",
        (8, 8, 9, 9, 10, 10, 9, 9, 12, 12),
        tuple(f"{v} €" for v in (8, 8, 9, 9, 10, 10, 9, 9, 12, 12)),
    ),
)
ROWS = (
    ("Firminy", "Ferrailles", 4812, 23_015_000),
    ("Saint-Étienne", "Les Heures de la Loire", 3120, 9_836_066),
    ("Roanne", "Tisserands", 48, 1_229_508),
)


class SampleForm(forms.Form):
    """One field of each kind; the first two are wrong on purpose."""

    name = forms.CharField(label=_("Name of the library"))
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation goes there."))
    town = forms.ChoiceField(
        label=_("Town"), choices=(("42095", "Firminy"), ("42218", "Saint-Étienne")), required=False
    )
    note = forms.CharField(label=_("Welcome text"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    medium = forms.MultipleChoiceField(
        label=_("Media"),
        choices=(("music", _("Music")), ("book", _("Books"))),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_open = forms.BooleanField(
        label=_("Open to visitors"), help_text=_("Anybody on site may listen."), required=False
    )
