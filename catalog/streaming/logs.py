"""Keeps tokens out of every log: who holds one may play, and it names a patron's pseudonym. Pure."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"(/m/)[^/\s?\"']+")


class HideTokens(logging.Filter):
    """Writes `/m/…/` in the place of a token's address: `Service Unavailable: /m/…/heartbeat`."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/m/" in said:
            record.msg, record.args = TOKEN.sub(r"\1…", said), ()
        return True
