"""Names of countries and languages in the reader's language."""

from __future__ import annotations

import gettext
from functools import lru_cache

import pycountry
from django.utils.translation import get_language, get_language_info

from catalog.models import Territory
from mediaplatform.kernel.territories import COUNTRY


def place_name(territory: Territory | None) -> str:
    """Return a territory's name, of a country in the reader's language; nothing for None."""
    if territory is None:
        return ""
    if territory.level != COUNTRY:
        return territory.name
    return _countries((get_language() or "en").partition("-")[0]).gettext(territory.name)


def language_name(code: str) -> str:
    """Return a language's name in the reader's language; the code itself if it is unknown."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@lru_cache(maxsize=8)
def _countries(language: str) -> gettext.NullTranslations:
    return gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
