"""`manage.py grant_keys show|rotate`: which keys tokens are believed by, and how to change the one that signs."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from catalog.streaming import grants, keys


class Command(BaseCommand):
    """Prints; changes nothing, since the settings are the environment's."""

    help = "Show the keys of grants, or make a new one and say how to bring it in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["show", "rotate"])

    def handle(self, *_: Any, act: str, **__: Any) -> None:
        if act == "show":
            public = keys.write_key(grants.public_key(settings.GRANT_SIGNING_KEY))
            self.stdout.write(f"signs:    {settings.GRANT_KEY_ID}={public}")
            for entry in settings.GRANT_VERIFY_KEYS:
                self.stdout.write(f"believed: {entry}")
            return
        made = keys.rotate(
            key_id=settings.GRANT_KEY_ID,
            seed=settings.GRANT_SIGNING_KEY,
            further=settings.GRANT_VERIFY_KEYS,
            new_seed=secrets.token_bytes(grants.SEED_BYTES),
        )
        self._say("1. On every server, then restart them one after another:", made.learn)
        self._say("2. When all have it, on every server, and restart again:", made.sign)
        self.stdout.write(
            "3. After seven days (heartbeats that were kept offline may come so late), leave out the old key "
            "from GRANT_VERIFY_KEYS.\nThe signing key is a secret: it was printed once and is kept nowhere."
        )

    def _say(self, words: str, variables: dict[str, str]) -> None:
        self.stdout.write(words)
        for name, value in variables.items():
            self.stdout.write(f"   {name}={value}")
