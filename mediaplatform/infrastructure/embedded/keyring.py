"""The secrets of an embedded installation: made once, kept in one file that only its owner reads."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from mediaplatform.infrastructure.embedded.processes import EmbeddedProblem

KEY_BYTES = {"SECRET_KEY": 48, "GRANT_SIGNING_KEY": 32, "ACCESS_CODE_KEY": 32}


def keep_secrets(path: Path) -> dict[str, str]:
    """Return the secrets of the file by the names of their variables; those that are not there yet are made.

    Raises:
        EmbeddedProblem: the file is no JSON object of strings.
    """
    kept = _read(path)
    missing = {name: _new(size) for name, size in KEY_BYTES.items() if name not in kept}
    if missing:
        kept |= missing
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    return kept


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        kept = None
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise EmbeddedProblem(f"{path} is damaged: bring it back from a copy, or remove var/ to begin anew")
    return kept


def _new(size_bytes: int) -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(size_bytes)).decode().rstrip("=")
