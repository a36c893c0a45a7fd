"""What an engine may refuse; each message is one line that says what to do or what was wrong."""

from __future__ import annotations


class QueryFailed(Exception):
    """The query engine gave up: a damaged file, no memory or no room on the disk."""


class EngineMissing(Exception):
    """The engine that was asked for is not installed."""
