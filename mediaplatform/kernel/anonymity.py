"""How few people may stand behind a number that is shown to others than their own library."""

from __future__ import annotations

FEWEST_PATRONS = 5  # k-anonymity: what fewer did is merged upward, or not shown


def may_show(patrons: int) -> bool:
    """Tell whether a number that so many distinct patrons stand behind may be shown. 4 -> False, 5 -> True."""
    return patrons >= FEWEST_PATRONS
