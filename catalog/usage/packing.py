"""How plays lie in an object: the session's id once, as 16 bytes. Pure.

Version 1 held a session's id and a play's id as text; both are read, version 2 is written.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from catalog.usage import hex_digits, schema

ID_BYTES, ID_CHARS = 16, 36
HYPHENS = [8, 13, 18, 23]
GROUPS = (
    (0, 8, 0),
    (9, 13, 8),
    (14, 18, 12),
    (19, 23, 16),
    (24, 36, 20),
)  # from, to, and where without hyphens
DIGITS = [place for place in range(ID_CHARS) if place not in HYPHENS]
FIELDS: list[pa.Field[Any]] = [
    pa.field("session_id", pa.binary(ID_BYTES), nullable=False) if field.name == "session_id" else field
    for field in schema.FIELDS
    if field.name != "play_id"
]
STORED = pa.schema(FIELDS, metadata={"schema_version": str(schema.SCHEMA_VERSION)})
ORDER: list[tuple[str, Literal["ascending", "descending"]]] = [
    ("session_id" if name == "play_id" else name, direction) for name, direction in schema.ORDER
]


def stored_columns(names: Sequence[str]) -> list[str]:
    """Return the columns of an object that hold what is asked for."""
    return list(dict.fromkeys("session_id" if name == "play_id" else name for name in names))


def pack(plays: pa.Table) -> pa.Table:
    """Return rows of `schema.SCHEMA` as they are stored.

    Raises:
        ValueError: an id is no UUID in its canonical text.
    """
    text: Any = plays["session_id"].combine_chunks()
    raw = _as_bytes(text) if len(text) else b""
    ids = pa.FixedSizeBinaryArray.from_buffers(pa.binary(ID_BYTES), len(text), [None, pa.py_buffer(raw)])
    values = {name: plays[name] for name in STORED.names} | {"session_id": ids}
    return pa.table([values[name] for name in STORED.names], schema=STORED)


def unpack(stored: pa.Table) -> pa.Table:
    """Return what was stored, of either version, with ids as text; `play_id` is the session's."""
    if "session_id" not in stored.schema.names:
        return stored
    ids: Any = stored["session_id"].combine_chunks()
    if not pa.types.is_string(ids.type):
        ids = _as_text(ids)
    place = stored.schema.get_field_index("session_id")
    stored = stored.set_column(place, schema.SCHEMA.field("session_id"), ids)
    return stored.append_column(schema.SCHEMA.field("play_id"), ids)


def _as_bytes(text: Any) -> bytes:
    letters = hex_digits.letters_of(text, chars=ID_CHARS)
    if letters is None:
        raise ValueError("a session's id is no UUID")
    digits = np.empty((len(letters), len(DIGITS)), np.uint8)
    for start, end, to in GROUPS:
        digits[:, to : to + end - start] = letters[:, start:end]
    return binascii.unhexlify(digits.data)


def _as_text(ids: Any) -> pa.Array[Any]:
    count = len(ids)
    if not count:
        return pa.array([], pa.string())
    raw = ids.buffers()[1].to_pybytes()[ids.offset * ID_BYTES : (ids.offset + count) * ID_BYTES]
    letters = np.full((count, ID_CHARS), ord("-"), np.uint8)
    letters[:, DIGITS] = np.frombuffer(raw.hex().encode(), np.uint8).reshape(count, len(DIGITS))
    offsets = (np.arange(count + 1) * ID_CHARS).astype(np.int32)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes())
    )
