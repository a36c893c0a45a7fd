"""Who comes in how: made at set-up, kept beside the demo's media, shown on the landing page of a demo."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mediaplatform.demo.towns import TOWNS

OPERATOR, STAFF, ARTIST = "oscar@example.org", "alice@example.org", "dora@example.org"
WORDS = ("ruban", "goemon", "rigole", "caillou", "nuage", "maree", "tramway", "ressort", "ardoise", "lucarne")


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One way in: who it is, what to type, and where."""

    who: str
    login: str
    password: str
    url: str


@dataclass(slots=True)
class Keyring:
    """What the set-up made: one password for the three accounts, a code of each library by its slug."""

    password: str
    codes: dict[str, str] = field(default_factory=dict)


def keyring_path() -> Path:
    return Path(settings.VAR_DIR) / "demo" / "logins.json"


def find_keyring() -> Keyring | None:
    """Return what an earlier set-up made, if there was one."""
    try:
        return Keyring(**json.loads(keyring_path().read_text("utf-8")))
    except FileNotFoundError:
        return None


def make_keyring() -> Keyring:
    """Return a keyring with a new password that one can read aloud: `goemon-tramway-caillou-482`."""
    words = [secrets.choice(WORDS) for _number in range(3)]
    return Keyring(password=f"{'-'.join(words)}-{secrets.randbelow(900) + 100}")


def keep_keyring(keyring: Keyring) -> None:
    """Write the keyring where only this user can read it."""
    path = keyring_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(keyring), indent=1), "utf-8")
    draft.replace(path)


def list_demo_logins() -> list[DemoLogin]:
    """Return the ways in, patrons first; none before the demo is loaded."""
    keyring = find_keyring()
    if keyring is None:
        return []
    door = settings.SITE_URL + reverse("account_login")
    patrons = [
        DemoLogin(
            who=_("Patron of %(library)s") % {"library": town.library},
            login=keyring.codes[town.slug],
            password="",
            url=f"{settings.SITE_URL}/l/{town.slug}/enter/",
        )
        for town in TOWNS
        if town.slug in keyring.codes
    ]
    staff = _("Staff of %(library)s") % {"library": TOWNS[0].library}
    return [
        *patrons,
        DemoLogin(who=staff, login=STAFF, password=keyring.password, url=door),
        DemoLogin(who=_("Artist (Dora Belleronce)"), login=ARTIST, password=keyring.password, url=door),
        DemoLogin(who=_("Operator of the cooperative"), login=OPERATOR, password=keyring.password, url=door),
    ]
