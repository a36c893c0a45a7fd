"""Who comes in how: made at set-up, kept beside the demo's media, shown on the landing page of a demo."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mediaplatform.demo.repertoire.houses import DELIVERERS
from mediaplatform.demo.towns import TOWNS

OPERATOR, STAFF, ARTIST = "oscar@example.org", "alice@example.org", "dora@example.org"
LABEL = "lena@example.org"
WORDS = ("ruban", "goemon", "rigole", "caillou", "nuage", "maree", "tramway", "ressort", "ardoise", "lucarne")


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One way in: who it is, what to type, and where."""

    who: str
    login: str
    password: str
    url: str


@dataclass(slots=True)
class Setup:
    """What was made, and when: the accounts' password, a code a library by its slug, the catalogue's ids."""

    password: str
    loaded_on: str
    codes: dict[str, str] = field(default_factory=dict)
    resources: dict[str, list[tuple[int, int | None]]] = field(
        default_factory=dict
    )  # (id, seconds) by release

    @property
    def day(self) -> date:
        return date.fromisoformat(self.loaded_on)


def _path() -> Path:
    return Path(settings.VAR_DIR) / "demo" / "setup.json"


def find_setup() -> Setup | None:
    """Return what an earlier set-up made, if there was one."""
    try:
        return Setup(**json.loads(_path().read_text("utf-8")))
    except FileNotFoundError:
        return None


def begin_setup(*, today: date) -> Setup:
    """Return a new set-up with a password that one can read aloud: `goemon-tramway-caillou-482`."""
    words = [secrets.choice(WORDS) for _number in range(3)]
    return Setup(password=f"{'-'.join(words)}-{secrets.randbelow(900) + 100}", loaded_on=today.isoformat())


def keep_setup(setup: Setup) -> None:
    """Write the set-up where only this user can read it, whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(setup), indent=1), "utf-8")
    draft.replace(path)


def list_demo_logins() -> list[DemoLogin]:
    """Return the ways in, patrons first; none before the demo is loaded."""
    setup = find_setup()
    if setup is None:
        return []
    door = settings.SITE_URL + reverse("account_login")
    patrons = [
        DemoLogin(
            who=_("Patron of %(library)s") % {"library": town.library},
            login=setup.codes[town.slug],
            password="",
            url=f"{settings.SITE_URL}/l/{town.slug}/enter/",
        )
        for town in TOWNS
        if town.slug in setup.codes
    ]
    staff = _("Staff of %(library)s") % {"library": TOWNS[0].library}
    desk = f"{door}?next={reverse('staff:dashboard', args=[TOWNS[0].slug])}"
    return [
        *patrons,
        DemoLogin(who=staff, login=STAFF, password=setup.password, url=desk),
        DemoLogin(who=_("Artist (Dora Belleronce)"), login=ARTIST, password=setup.password, url=door),
        DemoLogin(
            who=_("Label (%(label)s)") % {"label": DELIVERERS[0].name},
            login=LABEL,
            password=setup.password,
            url=door,
        ),
        DemoLogin(who=_("Operator of the cooperative"), login=OPERATOR, password=setup.password, url=door),
    ]
