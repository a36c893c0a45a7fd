"""Sentences that are kept and read later, by people of another language than that of whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.utils.translation import gettext


class Said(str):
    """Words in the language of now that remember their message and its values, so that they can be said again.

    Use `say` as `_`: `_("Nobody is called %(name)s.") % {"name": name}` is a string like any other, and
    `.msgid` and `.values` are what to store. A value that is `Said` itself is said again too.
    """

    __slots__ = ("msgid", "values")
    msgid: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, msgid: str, values: Mapping[str, Any]) -> Self:
        self = super().__new__(cls, text)
        self.msgid, self.values = msgid, values
        return self

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Any]]:  # type: ignore[override]  # as pickle asks for
        return str(self), self.msgid, self.values

    def __mod__(self, values: Any) -> Said:
        kept = {name: _as_json(value) for name, value in dict(values).items()}
        return Said(str.__mod__(self, values), self.msgid, kept)


def say(msgid: str) -> Said:
    """Return a message in the language of now."""
    return Said(gettext(msgid), msgid, {})


def join(pattern: str, **values: object) -> Said:
    """Put words and names together, without words of its own: `join("%(file)s: %(words)s", file=..., words=...)`."""
    return Said(pattern, pattern, {}) % values


def join_lines(*words: str) -> Said:
    """Put words on lines of their own."""
    return join("\n".join(f"%(line{place})s" for place in range(len(words))), **_numbered(words))


def _numbered(words: tuple[str, ...]) -> dict[str, object]:
    return {f"line{place}": one for place, one in enumerate(words)}


def parts_of(words: str) -> tuple[str, dict[str, Any]]:
    """Return the message and the values to store; nothing for words that were never a message."""
    return (words.msgid, dict(words.values)) if isinstance(words, Said) else ("", {})


def say_again(*, msgid: str, values: Mapping[str, Any], otherwise: str) -> str:
    """Return stored words in the language of now; `otherwise` where only a text was kept, or they don't fit."""
    if not msgid:
        return otherwise
    try:
        return gettext(msgid) % {name: _from_json(value) for name, value in values.items()}
    except (KeyError, TypeError, ValueError):  # the message has changed since
        return otherwise


def _as_json(value: Any) -> Any:
    if isinstance(value, Said):
        return {"text": str(value), "msgid": value.msgid, "values": dict(value.values)}
    return value if isinstance(value, str | int | float) else str(value)


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return say_again(
            msgid=value.get("msgid", ""), values=value.get("values", {}), otherwise=value.get("text", "")
        )
    return value
