"""The one division of money: largest remainder (Hamilton), ties to the smaller key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key", int, str, tuple[int, int])


def apportion(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Divide `total` by `weights` so that the parts sum to it exactly.

    `part = floor(total * w / sum(w))`; what is left goes one unit each to the largest remainders, ties to
    the smaller key. Zero weights get nothing; if all are zero the result is empty.
    100 by a 1, b 1, c 1 -> 34, 33, 33.

    Raises:
        ValueError: a negative total or weight.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("apportion takes neither a negative total nor a negative weight")
    whole = sum(weights.values())
    if whole == 0:
        return {}
    parts = {key: total * weight // whole for key, weight in weights.items() if weight}
    left = total - sum(parts.values())
    by_remainder = sorted(parts, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return dict(sorted(parts.items()))
