"""The names of the API's groups, for people: the reference itself is in English, as programs are."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SECTIONS: dict[str, tuple[Promise, Promise]] = {
    "deliveries": (
        _("Deliveries"),
        _("What was sent: checked, previewed, taken over, published or taken back."),
    ),
    "uploads": (
        _("Uploads"),
        _("Files on their way: in parts, with checksums, taken up again after a break."),
    ),
    "releases": (_("Releases"), _("Albums, films, books and games that came under your name.")),
    "resources": (_("Resources"), _("What is played: tracks, films, texts, with their packages and shares.")),
    "parties": (_("People"), _("Who is credited, and the labels and publishers.")),
    "territories": (
        _("Territories"),
        _("Towns, their areas, départements, regions and countries, with their codes."),
    ),
    "search": (pgettext_lazy("a group of the API", "Search"), _("The catalogue as a patron finds it.")),
    "playback": (_("Playback"), _("How a player opens a session, keeps it and says where it is.")),
    "queue": (_("Queue"), _("What follows what in a work.")),
    "token": (_("Under a token"), _("What a session fetches and reports, without a cookie or key.")),
    "history": (_("History"), _("Whether it is remembered where a profile stops.")),
    "saves": (_("Saved games"), _("What games keep for a profile.")),
}
