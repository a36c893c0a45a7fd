"""Texts of hexadecimal digits as numbers: pseudonyms and ids are sorted and stored by the hundred thousand. Pure."""

from __future__ import annotations

import binascii
from typing import Any

import numpy as np
import numpy.typing as npt

DIGITS = 32
NOT_UPPER = 0x20  # a bit that `0` to `9` and `a` to `f` have, and `A` to `F` have not


def rank(text: Any) -> npt.NDArray[np.int64] | None:
    """Return integers in the order of the texts if each is 32 lower-case hex digits; else None.

    `["0f…", "0e…", "0f…"]` -> `[1, 0, 1]`. The first 16 digits sort, as a rule alone.
    """
    letters = letters_of(text, chars=DIGITS)
    if letters is None or not np.bitwise_and.reduce(letters, axis=None) & NOT_UPPER:
        return None
    try:
        numbers = np.frombuffer(binascii.unhexlify(letters.data), ">u8").reshape(-1, 2)
    except binascii.Error:
        return None
    first, rest = (numbers[:, half].astype(np.uint64) for half in (0, 1))
    order = np.argsort(first)
    is_new = first[order[1:]] != first[order[:-1]]
    if (rest[order[1:]] != rest[order[:-1]])[~is_new].any():  # never with digests, but of any digits
        order = np.lexsort((rest, first))
        is_new = (first[order[1:]] != first[order[:-1]]) | (rest[order[1:]] != rest[order[:-1]])
    found = np.zeros(len(order), np.int64)
    found[order[1:]] = np.cumsum(is_new)
    return found


def letters_of(text: Any, *, chars: int) -> npt.NDArray[np.uint8] | None:
    """Return the letters of an Arrow string array, a row a text, if all have so many bytes and none is missing."""
    if not len(text) or text.null_count:
        return None
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    if not (np.diff(offsets) == chars).all():
        return None
    return np.frombuffer(text.buffers()[2], np.uint8)[offsets[0] : offsets[-1]].reshape(-1, chars)
