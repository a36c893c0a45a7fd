"""The API's description against the running platform: whatever Schemathesis makes up, nothing breaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

CSRF = "c" * 32
SECONDS = 20  # of each run
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
PEOPLE = """
import json
import os
import re
from django.contrib.sessions.backends.cached_db import SessionStore
from django.utils import timezone
from catalog.ingest import deliverers
from catalog.models import Delivery, Resource
from catalog.uploads import services as uploads
from catalog.uploads.intake import NewFile
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from subscriptions.patrons import middleware
from tests.factories.catalog import make_geography, make_party, make_payee, make_release
from tests.subscriptions.access.people import make_person

bob = make_person()
home = make_geography()["42095"]
lena = User.objects.create_user(email="lena@example.org", password=None, name="Lena")
deliverers.add_member(name="rive-gauche", user=lena)
now = timezone.now()
for number in range(3):
    artist = make_party("Ana Roux", home=home)
    make_release("Jardins", artist=artist, payee=make_payee("Roux"), tracks=2, deliverer="rive-gauche")
Delivery.objects.create(deliverer="rive-gauche", digest="1" * 64, state="refused")
upload = uploads.open_upload(user=lena, deliverer="rive-gauche", now=now)
uploads.add_files(user=lena, upload_id=upload.pk, files=[NewFile(path="a.csv", size_bytes=3)], now=now)
_token, secret = tokens.create_token(user=lena, name="st", scopes=[tokens.DELIVER], now=now)
session = SessionStore()
middleware.sign_in(session, patron_id=bob.patron.pk, profile_id=bob.profile.pk)
session.save()
print(json.dumps([secret, session.session_key]))
"""


@pytest.fixture(scope="module")
def callers(live_stack: LiveStack) -> dict[str, list[str]]:
    """The headers of a label's program and of a patron's browser."""
    said = live_stack.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1]
    secret, session = json.loads(said)
    return {
        "label": [f"Authorization: Bearer {secret}"],
        "patron": [f"Cookie: mediaplatform_session={session}; csrftoken={CSRF}", f"X-CSRFToken: {CSRF}"],
    }


@pytest.fixture
def no_throttle(live_stack: LiveStack) -> Iterator[None]:
    """Forget how often somebody has called, again and again: a machine calls more often than people may."""
    over = threading.Event()
    valkey = redis.Redis.from_url(live_stack.environment["REDIS_URL"])

    def forget() -> None:
        while not over.wait(0.2):
            for key in valkey.scan_iter("*rate:*"):
                valkey.delete(key)

    forgetting = threading.Thread(target=forget)
    forgetting.start()
    yield
    over.set()
    forgetting.join()
    valkey.close()


@pytest.mark.parametrize(
    ("caller", "paths"),
    [
        ("label", "^/api/v1/(deliveries|releases|resources|parties|territories|uploads)"),
        ("patron", "^/api/v1/(search|playback|history|queue|territories)"),
    ],
)
@pytest.mark.usefixtures("no_throttle")
def test_nothing_that_is_made_up_breaks_the_api_or_its_description(
    live_stack: LiveStack, callers: dict[str, list[str]], caller: str, paths: str, tmp_path: Path
) -> None:
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program is not None
    done = subprocess.run(
        [
            *(program, "--no-color", "run", f"{live_stack.site_url}/api/v1/schema/"),
            *("--include-path-regex", paths, "--checks", CHECKS),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--max-time", str(SECONDS)),
            *("--seed", "1", "--continue-on-failure", "--warnings", "off"),
            *(word for header in callers[caller] for word in ("--header", header)),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-8_000:]}\n{done.stderr}"


def examples() -> list[str]:
    """Return the shell examples of docs/api.md."""
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    return re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, r'^\{"items":\[\{"code":"42095","name":"Firminy"\}'),  # the very name stands first
        (1, r'^\{"items":\[\{"id":\d+,"title":"Jardins","status":"published"\},.*\n304$'),
        (2, r"^True\n(received|checking|refused)$"),  # a worker may have begun on it
    ],
    ids=["territories", "releases", "deliver"],
)
@pytest.mark.usefixtures("no_throttle")
def test_an_example_of_the_documentation_does_what_it_says(
    live_stack: LiveStack, callers: dict[str, list[str]], number: int, said: str, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    (tmp_path / "delivery.csv").write_text("release_ref\nRG-1\n")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", examples()[number]],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "SITE": live_stack.site_url,
            "KEY": callers["label"][0].removeprefix("Authorization: Bearer "),
            "NAME": "rive-gauche",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(said, done.stdout.strip(), re.DOTALL), done.stdout
