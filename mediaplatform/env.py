"""Typed reading of the environment: every fault is found at the start, all of them at once."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
MIN_SECRET_CHARS = 32


class EnvironmentFaults(Exception):
    """What is missing or malformed in the environment, one line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The environment is not usable:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass
class Environment:
    """Reads variables, collects what is wrong with them, and refuses once in `check`.

    A reader returns a harmless value after a fault, so that the remaining faults are found too.
    """

    variables: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def text(self, name: str, default: str | None = None) -> str:
        """Return the variable; without a default it must be there and not blank."""
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.faults.append(f"{name} is not set")
            return ""
        return default

    def secret(self, name: str) -> str:
        """Return a secret of at least 32 characters; there is no default on purpose."""
        value = self.text(name)
        if value and len(value) < MIN_SECRET_CHARS:
            self.faults.append(f"{name} is too short: {len(value)} characters, at least {MIN_SECRET_CHARS}")
        return value

    def key(self, name: str, *, size_bytes: int) -> bytes:
        """Return a base64url key of exactly `size_bytes` bytes."""
        value = self.text(name)
        if not value:
            return b"\0" * size_bytes
        try:
            raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != size_bytes:
            self.faults.append(f"{name} must be {size_bytes} bytes in base64url")
            return b"\0" * size_bytes
        return raw

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes/no variable."""
        value = self.variables.get(name, "").strip().lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            self.faults.append(f"{name} is {value!r}: write 1 or 0")
        return value in TRUE

    def integer(self, name: str, *, default: int, low: int, high: int) -> int:
        """Return an integer in [low, high]."""
        value = self.variables.get(name, "").strip()
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            self.faults.append(f"{name} is {value!r}: not a whole number")
            return default
        if not low <= number <= high:
            self.faults.append(f"{name} is {number}: must be {low} to {high}")
            return default
        return number

    def names(self, name: str, default: str = "") -> list[str]:
        """Return a comma-separated list."""
        return [part.strip() for part in self.variables.get(name, default).split(",") if part.strip()]

    def database(self, name: str) -> dict[str, object]:
        """Return Django's settings of a `postgres://user:password@host:port/name?option=value` address.

        A socket directory is given as `?host=/path`. Anything but PostgreSQL is refused.
        """
        url = urlsplit(self.text(name))
        if url.scheme not in {"postgres", "postgresql"}:
            if url.geturl():
                self.faults.append(f"{name} must begin with postgres:// (only PostgreSQL is supported)")
            return {"ENGINE": "django.db.backends.postgresql", "NAME": ""}
        options = {key: values[-1] for key, values in parse_qs(url.query).items()}
        host = options.pop("host", url.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": host,
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }

    def url(self, name: str, *, schemes: frozenset[str], default: str | None = None) -> str:
        """Return an address whose scheme is one of `schemes`."""
        value = self.text(name, default)
        if value and urlsplit(value).scheme not in schemes:
            self.faults.append(f"{name} is {value!r}: must begin with one of {', '.join(sorted(schemes))}")
        return value

    def file(self, name: str, *, is_needed: bool) -> str:
        """Return the text of the file that the variable names; empty if it need not be there and is not named."""
        path = self.text(name, None if is_needed else "")
        if not path:
            return ""
        try:
            return Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(f"{name} is {path!r}, which can't be read: {error}")
            return ""

    def folder(self, name: str, default: Path) -> Path:
        """Return an absolute folder path."""
        value = self.text(name, str(default))
        path = Path(value)
        if not path.is_absolute():
            self.faults.append(f"{name} is {value!r}: must be an absolute path")
        return path

    def check(self) -> None:
        """Raise every fault found so far.

        Raises:
            EnvironmentFaults: at least one variable is missing or malformed.
        """
        if self.faults:
            raise EnvironmentFaults(self.faults)


def browser_origins(address: str) -> list[str]:
    """Return the other origin to which browsers send uploads for an OBJECT_STORE_URL; none for a folder.

    `public` names it where the platform reaches the store by another name than browsers do.
    """
    url = urlsplit(address)
    if url.scheme != "s3":
        return []
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    endpoint = urlsplit(options.get("public") or options.get("endpoint") or "")
    if endpoint.netloc:
        return [f"{endpoint.scheme}://{endpoint.netloc}"]
    return [f"https://s3.{options.get('region', 'us-east-1')}.amazonaws.com"]
