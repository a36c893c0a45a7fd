"""A statement's line as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run with the words a reader needs. Ids are None where the line is pooled over them."""

    payee_id: int
    envelope: str
    amount_micros: int
    formula: Mapping[str, Any]
    library_id: int | None = None
    library_name: str = ""
    territory_name: str = ""
    resource_id: int | None = None
    resource_title: str = ""
    release_title: str = ""
    medium: str = ""
