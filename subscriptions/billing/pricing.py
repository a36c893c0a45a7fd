"""What a year costs. Pure."""

from __future__ import annotations

from mediaplatform.kernel.money import CENT, round_to_cents


def yearly_price(*, inhabitants: int, per_inhabitant_micros: int, minimum_micros: int) -> int:
    """Return the price of a year in micros excluding VAT, in whole cents, never under the minimum.

    23,489 inhabitants at 0.125 EUR are 2,936.13 EUR (2,936.125 rounded, halves away from zero).

    Raises:
        ValueError: a negative number.
    """
    if min(inhabitants, per_inhabitant_micros, minimum_micros) < 0:
        raise ValueError("a price takes no negative number")
    return round_to_cents(max(inhabitants * per_inhabitant_micros, minimum_micros)) * CENT
