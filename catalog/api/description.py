"""What drf-spectacular does not see by itself (hooks of SPECTACULAR_SETTINGS)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

REFERENCE = "#/components/schemas/"


def allow_sparse_answers(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Require no member of what `?fields=` may leave out."""
    schemas = result["components"]["schemas"]
    for operation in _operations(result):
        if "fields" not in {parameter["name"] for parameter in operation.get("parameters", ())}:
            continue
        answered = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole = schemas[answered["$ref"].removeprefix(REFERENCE)]
        items = whole["properties"].get("items", {}).get("items")
        sparse = schemas[items["$ref"].removeprefix(REFERENCE)] if items else whole
        sparse.pop("required", None)
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in result["paths"].values():
        yield from (operation for name, operation in methods.items() if name != "parameters")
