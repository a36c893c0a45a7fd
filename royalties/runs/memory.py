"""How much memory a run may take, as people write it."""

from __future__ import annotations

import re

UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def read_memory(text: str) -> int:
    """Return a size such as `1GB`, `1.5 GiB` or `512MB` in bytes.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]B|[KMG]IB)", text.strip().upper())
    if not found:
        raise ValueError(f"{text!r} is no size such as 1GB or 512MiB")
    return int(float(found[1]) * UNITS[found[2]])
