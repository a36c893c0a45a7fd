"""Which bytes of an object a request asks for (RFC 9110, sections 13 and 14). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)
MAX_DIGITS = 15


class RangeNotSatisfiable(Exception):
    """The range begins beyond the object's end."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes [start, end) of an object; `is_partial` when the answer is a 206."""

    start: int
    end: int
    is_partial: bool


def select(*, header: str, if_range: str, etag: str, size_bytes: int) -> Part:
    """Return the bytes to send for a `Range` header (empty: none) and an `If-Range` header (empty: none).

    What is not one range of bytes is ignored, as the RFC allows, and the whole is sent; so it is when
    `If-Range` names another ETag, or a date. `bytes=0-99` -> [0, 100); `bytes=-100` -> the last hundred.

    Raises:
        RangeNotSatisfiable: the range holds not one byte of the object.
    """
    whole = Part(0, size_bytes, is_partial=False)
    match = ONE_RANGE.fullmatch(header)
    if not match or not any(match.groups()) or max(map(len, match.groups())) > MAX_DIGITS:
        return whole
    if if_range and if_range != etag:
        return whole
    first, last = match.groups()
    if not first:
        start, end = max(size_bytes - int(last), 0), size_bytes
    else:
        start, end = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
        if last and int(last) < start:
            return whole
    if start >= end:
        raise RangeNotSatisfiable(f"{header} of {size_bytes} bytes")
    return Part(start, end, is_partial=True)


def matches(*, if_none_match: str, etag: str) -> bool:
    """Tell whether an `If-None-Match` header (empty: none) names the ETag, weakly compared."""
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return bool(named & {etag, "*"})
