"""The documentation page, and how it reads the API's description."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client

from catalog.api.outline import Member, outline
from catalog.api.words import SECTIONS
from mediaplatform.infrastructure.api_types import describe_api


@pytest.mark.django_db
def test_anybody_reads_every_operation_on_a_page_without_inline_code(client: Client) -> None:
    answer = client.get("/api/v1/docs/", headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for path in describe_api()["paths"]:
        assert f"<code>{path}</code>" in page
    assert "600 reads and 300 writes a minute" in page
    assert "<style" not in page
    assert "<script>" not in page


def members(schema: Mapping[str, object], **schemas: object) -> list[tuple[str, str, bool]]:
    """Return what the page says of a body."""
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "x", "tags": ["t"], "requestBody": body, "responses": {}}
    [section] = outline({"paths": {"/x": {"post": operation}}, "components": {"schemas": schemas}})
    return [(one.path, one.kind, one.is_required) for one in section.operations[0].body]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 200}, "integer, 1 to 200 or null"),
        ({"enum": ["a", "b"], "type": "string"}, "a | b"),
        ({"type": "array", "items": {"type": "integer"}}, "list of integer"),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, "boolean or null"),
        ({}, "any"),
    ],
)
def test_a_type_is_said_in_a_few_words(schema: dict[str, object], kind: str) -> None:
    said = members({"properties": {"m": schema}, "required": ["m"]}, A={"type": "boolean"})
    assert said == [("m", kind, True)]


def test_members_of_members_have_their_path() -> None:
    inner = {"type": "object", "properties": {"b": {"type": "string"}}}
    whole = {
        "properties": {
            "one": {"$ref": "#/components/schemas/In"},
            "many": {"type": "array", "items": {"$ref": "#/components/schemas/In"}},
        }
    }
    paths = [path for path, _kind, _required in members(whole, In=inner)]
    assert paths == ["one", "one.b", "many", "many[].b"]


def test_a_schema_within_itself_ends() -> None:
    node = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Node"}}}
    assert [path for path, *_ in members({"$ref": "#/components/schemas/Node"}, Node=node)] == [
        "child",
        "child.child",
        "child.child.child",
        "child.child.child.child",
    ]


def test_parameters_and_refusals_are_those_of_the_description() -> None:
    found = {one.id: one for section in outline(describe_api()) for one in section.operations}
    releases = found["releases_list"]
    assert Member(path="limit", kind="integer, 1 to 200", is_required=False, said="") in releases.parameters
    assert [one.status for one in releases.answers] == ["200", "304", "400", "401", "429"]
    assert releases.who == ("token", "personSession")
    assert [example.is_request for example in found["uploads_create"].examples] == [True]


def test_the_groups_have_names_in_the_reader_s_language(client: Client) -> None:
    answer = client.get("/api/v1/docs/", headers={"accept-language": "fr"})
    page = answer.content.decode()
    groups = answer.context["groups"]
    assert {one.section.name for one in groups} == set(SECTIONS)
    for word in ("Livraisons", "Envois", "Territoires", "Paramètres", "Statuts", "obligatoire"):
        assert word in page
    assert '<p lang="en">List deliveries, the newest first.</p>' in page
