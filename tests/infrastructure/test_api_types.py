"""The player's types follow the API's description."""

from __future__ import annotations

from mediaplatform.infrastructure import api_types


def test_the_players_types_are_those_of_the_api() -> None:
    written = api_types.write_types(api_types.describe_api())
    assert api_types.TARGET.read_text("utf-8") == written, "the API has changed: run `make types`"


def test_a_changed_schema_gives_other_types() -> None:
    description = api_types.describe_api()
    description["components"]["schemas"]["QueueItem"]["properties"]["mood"] = {"type": "string"}
    assert "mood?: string;" in api_types.write_types(description)
