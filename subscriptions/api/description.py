"""How the API describes the addresses under a token, which are no REST views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mediaplatform.infrastructure.problems import MEDIA_TYPE

PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "maxLength": 400},
    "description": "The grant: what it opens needs neither cookie nor CSRF token.",
}


def add_token_addresses(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Add to the schema what catalog.streaming serves: heartbeats, closing, files (drf-spectacular hook)."""
    result["paths"] |= {
        "/m/{token}/heartbeat": {"post": _operation("heartbeat", HEARTBEAT, {"202": ACKNOWLEDGED})},
        "/m/{token}/close": {"post": _operation("close", None, {"204": {"description": "the seat is free"}})},
        "/m/{token}/{path}": {"get": _operation("file", None, {"200": FILE, "206": FILE}, FILE_PATH)},
    }
    result["components"]["schemas"] |= {"HeartbeatIn": HEARTBEAT_IN}
    return result


def _operation(
    name: str, body: Mapping[str, object] | None, answers: Mapping[str, object], *parameters: object
) -> dict[str, object]:
    refusal = {"description": "see `code`", "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    return {
        "operationId": f"token_{name}",
        "tags": ["token"],
        "security": [],
        "parameters": [TOKEN, *parameters],
        **({"requestBody": body} if body else {}),
        "responses": {**answers, "4XX": refusal, "503": refusal},
    }


HEARTBEAT_IN = {
    "type": "object",
    "required": ["sequence", "event"],
    "properties": {
        "sequence": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        "intervals": {
            "type": "array",
            "maxItems": 200,
            "items": {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": {"type": "number", "minimum": 0},
            },
            "description": "[from, to] in seconds of the resource, listened to since the last heartbeat",
        },
        "rate": {"type": "number", "minimum": 0, "maximum": 16, "default": 1},
        "position_s": {"type": "number", "minimum": 0},
        "event": {"enum": ["start", "tick", "pause", "seek", "end", "hide"]},
        "client_at": {"type": "string", "format": "date-time"},
    },
}
HEARTBEAT = {
    "required": True,
    "content": {
        kind: {"schema": {"$ref": "#/components/schemas/HeartbeatIn"}}
        for kind in ("application/json", "text/plain")
    },
}
ACKNOWLEDGED = {
    "description": "It is in the log for good; the same sequence again is not counted again.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["acknowledged"],
                "properties": {"acknowledged": {"type": "integer"}},
            }
        }
    },
}
FILE = {
    "description": "the file or a part of it",
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}
FILE_PATH = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
