"""The API's description as a page reads it: sections of operations, their members in rows. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REFERENCE = "#/components/schemas/"
DEEPEST = 4
JSON_TYPE = "application/json"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A parameter, or a member of a body: `path` joins nested names by dots, a list's members follow `[]`."""

    path: str
    kind: str
    is_required: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status with what it means: for refusals, the codes."""

    status: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A described example, as indented JSON."""

    title: str
    text: str
    is_request: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address. `who`: names of the security schemes, empty for anybody."""

    id: str
    method: str
    path: str
    said: str
    who: tuple[str, ...]
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    result: tuple[Member, ...]
    answers: tuple[Answer, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What belongs together, by the tag of the description."""

    name: str
    operations: tuple[Operation, ...]


def outline(description: Schema) -> list[Section]:
    """Return the sections of an OpenAPI description, in its order."""
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            by_tag.setdefault(tag, []).append(_operation(description, path, method, operation))
    return [Section(name=name, operations=tuple(found)) for name, found in by_tag.items()]


def _operation(description: Schema, path: str, method: str, said: Schema) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get(JSON_TYPE, {})
    result: Schema = next(
        (said["responses"][status] for status in ("200", "201") if status in said["responses"]), {}
    )
    answered = result.get("content", {}).get(JSON_TYPE, {})
    schemas = description["components"]["schemas"]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        said=said.get("description", ""),
        who=tuple(name for scheme in said.get("security", ()) for name in scheme),
        parameters=tuple(_parameter(schemas, one) for one in said.get("parameters", ())),
        body=tuple(_members(schemas, body.get("schema", {}))),
        result=tuple(_members(schemas, answered.get("schema", {}))),
        answers=tuple(
            Answer(status=status, said=answer.get("description", ""))
            for status, answer in sorted(said["responses"].items())
        ),
        examples=(*_examples(body, is_request=True), *_examples(answered, is_request=False)),
    )


def _parameter(schemas: Schema, one: Schema) -> Member:
    place = {"header": "header", "path": "path"}.get(one["in"], "")
    kind = _kind(schemas, one["schema"])
    return Member(
        path=one["name"],
        kind=f"{kind}, {place}" if place else kind,
        is_required=one.get("required", False),
        said=_plain(one.get("description", "")),
    )


def _members(schemas: Schema, schema: Schema, prefix: str = "", depth: int = 1) -> Iterator[Member]:
    """Yield the members of an object and of what lies in it, an object's own before the next one."""
    whole = _resolve(schemas, schema)
    required = set(whole.get("required", ()))
    for name, inner in whole.get("properties", {}).items():
        path = f"{prefix}{name}"
        said = inner.get("description", "") or ""
        yield Member(path=path, kind=_kind(schemas, inner), is_required=name in required, said=_plain(said))
        target, sign = _resolve(schemas, inner), ""
        if target.get("type") == "array":
            target, sign = _resolve(schemas, target.get("items", {})), "[]"
        if target.get("properties") and depth < DEEPEST:
            yield from _members(schemas, target, f"{path}{sign}.", depth + 1)


def _resolve(schemas: Schema, schema: Schema) -> Schema:
    """Follow a reference, also through `oneOf` with null and `allOf` of one."""
    for part in (*schema.get("oneOf", ()), *schema.get("allOf", ())):
        if part.get("type") != "null":
            return _resolve(schemas, part)
    if "$ref" in schema:
        return _resolve(schemas, schemas[schema["$ref"].removeprefix(REFERENCE)])
    return schema


def _kind(schemas: Schema, schema: Schema) -> str:
    """Say a type in a few words: `integer or null, 1 to 200`, `music | video`, `list of string`."""
    whole = _resolve(schemas, schema)
    types = whole.get("type", "")
    names = [types] if isinstance(types, str) else list(types)
    is_nullable = "null" in names or any(part.get("type") == "null" for part in schema.get("oneOf", ()))
    name = next((one for one in names if one != "null"), "")
    if whole.get("enum"):
        said = " | ".join(str(one) for one in whole["enum"] if one is not None)
    elif name == "array":
        said = f"list of {_kind(schemas, whole.get('items', {}))}"
    else:
        said = whole.get("format") or name or "any"
    low, high = whole.get("minimum"), whole.get("maximum")
    if low is not None and high is not None and high < 10**9:
        said = f"{said}, {low} to {high}"
    return f"{said} or null" if is_nullable else said


def _plain(text: str) -> str:
    """Leave out the list of an enumeration's values, which the kind says already."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("* `")).strip()


def _examples(content: Schema, *, is_request: bool) -> Iterator[Example]:
    for name, example in content.get("examples", {}).items():
        title = example.get("summary", name)
        text = json.dumps(example["value"], indent=2, ensure_ascii=False)
        yield Example(title=title, text=text, is_request=is_request)
