"""What drf-spectacular does not see by itself (hooks of SPECTACULAR_SETTINGS)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

REFERENCE = "#/components/schemas/"
HEADERS = {
    "ETag": "Changes with any byte of the answer; sent back as `If-None-Match` or `If-Match`.",
    "Link": 'The address of the next page, `rel="next"` (RFC 8288); without one this is the last.',
}


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


def name_headers(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Describe the entity tag of every read that can be asked for again, and the link to a list's next page."""
    result["components"]["headers"] = {
        name: {"description": said, "schema": {"type": "string"}} for name, said in HEADERS.items()
    }
    for operation in _operations(result):
        parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
        if "If-None-Match" not in parameters:
            continue
        whole = ["ETag", "Link"] if "cursor" in parameters else ["ETag"]
        for status, names in (("200", whole), ("304", ["ETag"])):
            operation["responses"][status]["headers"] = {
                name: {"$ref": f"#/components/headers/{name}"} for name in names
            }
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in result["paths"].values():
        yield from (operation for name, operation in methods.items() if name != "parameters")
