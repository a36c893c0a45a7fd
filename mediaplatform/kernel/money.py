"""Money as whole micros of a currency unit: 1 EUR = 1,000,000 micros, 1 cent = 10,000 micros."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MICROS = 1_000_000
CENT = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount. Addition and negation only: division is `apportion`'s alone.

    >>> Money(1_500_000) + Money(250_000)
    Money(micros=1750000, currency='EUR')
    """

    micros: int
    currency: str = "EUR"

    def __add__(self, other: Money) -> Money:
        """Raise ValueError when the currencies differ."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.micros + other.micros, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.micros, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    @property
    def units(self) -> Decimal:
        """The exact amount in currency units, with six decimals."""
        return Decimal(self.micros).scaleb(-6)


def round_to_cents(micros: int) -> int:
    """Return the whole number of cents nearest to the amount, halves away from zero.

    Only a bank payment or an invoice rounds: 23_015_000 micros -> 2302 cents; -23_015_000 -> -2302.
    """
    sign = -1 if micros < 0 else 1
    return sign * ((abs(micros) + CENT // 2) // CENT)
