"""The countries that rights are given for."""

from __future__ import annotations

from functools import lru_cache

import pycountry


@lru_cache(maxsize=1)
def every_country() -> frozenset[str]:
    """Return the two-letter codes of ISO 3166-1."""
    return frozenset(one.alpha_2 for one in pycountry.countries)
