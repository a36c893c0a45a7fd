"""Names of countries and languages in the reader's language."""

from __future__ import annotations

import gettext
from functools import lru_cache
from typing import NamedTuple

import pycountry
from django.db.models import Q
from django.utils.translation import get_language, get_language_info

from catalog.models import Territory
from catalog.works.audience import Audience
from mediaplatform.kernel.territories import COUNTRY, DEPARTEMENT, EPCI, LEVELS, OWN, REGION, Place


class Home(NamedTuple):
    """Where somebody is from: a territory's level and name, with all that it lies in."""

    level: str
    name: str
    place: Place


def home_of(territory: Territory | None) -> Home | None:
    """Return a territory as somebody's home."""
    return Home(territory.level, territory.name, territory.place) if territory else None


def place_name(territory: Territory | Home | None) -> str:
    """Return a territory's name, of a country in the reader's language; nothing for None."""
    if territory is None:
        return ""
    if territory.level != COUNTRY:
        return territory.name
    return _countries((get_language() or "en").partition("-")[0]).gettext(territory.name)


def ladder_names(audience: Audience) -> dict[str, str]:
    """Name the library's territories by nearness, from its own (the smallest of them) to its region; in one query."""
    levels = dict(sorted(audience.own, reverse=True))
    own = next(((level, levels[level]) for level in LEVELS if level in levels), None)
    steps = {level: (level, audience.place.code(level)) for level in (EPCI, DEPARTEMENT, REGION)}
    wanted = {OWN: own, **steps}
    asked = Q(pk=None)
    for step in wanted.values():
        if step and step[1]:
            asked |= Q(level=step[0], code=step[1])
    found = {(one.level, one.code): one for one in Territory.objects.filter(asked)}
    return {name: place_name(found[step]) for name, step in wanted.items() if step in found}


def language_name(code: str) -> str:
    """Return a language's name in the reader's language; the code itself if it is unknown."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@lru_cache(maxsize=8)
def _countries(language: str) -> gettext.NullTranslations:
    return gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
