"""Reads JSON from a file value by value, of which none is large though the file may be."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO

PART = 65_536  # characters at a time
LARGEST = 1_000_000  # characters of one value
SPACE = re.compile(r"[ \t\r\n]*")


class NotJson(Exception):
    """What is wrong, and in which line."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.words, self.line = words, line


class Pieces:
    """Where the reading of a file is; `line` is the line of what comes next."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._text, self._at = file, "", 0
        self._decoder = json.JSONDecoder()
        self.line = 1

    def peek(self) -> str:
        """Return the next character that is no white space, or nothing at the end."""
        while True:
            space = SPACE.match(self._text, self._at)
            self._go_to(space.end() if space else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self, wanted: str) -> None:
        """Pass over a character. Raises: NotJson, when another one comes."""
        if self.peek() != wanted:
            raise NotJson(f"Expecting {wanted!r}", self.line)
        self._go_to(self._at + 1)

    def value(self) -> Any:
        """Return the next value.

        Raises:
            NotJson: there is none that can be read, or it is too large.
            RecursionError: it is nested too deeply.
        """
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at < LARGEST and self._fill():
                    continue
                line = self.line + self._text.count("\n", self._at, error.pos)
                raise NotJson(error.msg, line) from error
            if end == len(self._text) and self._fill():  # a number may go on
                continue
            self._go_to(end)
            return value

    def _go_to(self, place: int) -> None:
        self.line += self._text.count("\n", self._at, place)
        self._at = place

    def _fill(self) -> bool:
        """Read on, as much again as waits already; tells whether there was something."""
        more = self._file.read(max(PART, len(self._text) - self._at))
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)
