"""A track played from a CDN by signed cookies, in a real browser; nobody else gets a byte from there."""

from __future__ import annotations

import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mediaplatform.infrastructure.embedded import processes, run
from mediaplatform.infrastructure.embedded.nginx import find_nginx
from tests.conftest import CHROMIUM_FLAGS
from tests.journeys import edge as edges
from tests.journeys.delivery import write_delivery
from tests.journeys.edge import CDN, KEY_ID, SITE, Edge
from tests.journeys.heartbeats import acknowledged
from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PREPARE = """
import json
from datetime import timedelta
from django.utils import timezone
from catalog.models import Resource
from subscriptions.billing import services as billing
from subscriptions.libraries import services as libraries
from subscriptions.patrons import services as patrons
today = timezone.localdate()
library = libraries.create_library(name="Médiathèque de Firminy", commune_code="42095")
offer = billing.create_offer(name="All", per_inhabitant_micros=1, minimum_micros=1_000_000, media=("music",))
billing.subscribe(library=library, offer=offer, starts_on=today.replace(day=1), ends_on=today + timedelta(days=300))
[code] = patrons.create_codes(library=library, batch="b", count=1, expires_on=today + timedelta(days=9))
one = Resource.objects.get()
print("SAID" + json.dumps({"slug": library.slug, "code": code, "release": one.release_id}))
"""
HEARD = """
from catalog.models import Heartbeat
print("SAID" + str(sum(end - start for beat in Heartbeat.objects.all() for start, end in beat.intervals)))
"""
STANDS_AT = "document.querySelector('#player audio').currentTime"
TLS = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        location / {{
            proxy_pass http://127.0.0.1:{app};
            proxy_set_header Host $http_host;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-Proto https;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Place:
    """Where the pages are, the CDN, who may come in, and what nginx has seen."""

    site_url: str
    edge: Edge
    said: dict[str, str]
    log: Path


@pytest.fixture(scope="module")
def place(live_stack: LiveStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The platform by HTTPS, with its sound at an edge on another host of its domain."""
    folder = tmp_path_factory.mktemp("cdn")
    live_stack.manage("deliver", write_delivery(folder / "delivery"))
    said = json.loads(live_stack.manage("shell", "-v0", "-c", PREPARE).partition("SAID")[2])
    certificate, key = edges.write_certificate(folder / "tls.pem"), edges.make_key(folder / "cdn.pem")
    port, app = processes.free_ports(2)
    site_url = f"https://{SITE}:{port}"
    store = Path(live_stack.environment["OBJECT_STORE_URL"].removeprefix("file://")) / "objects"
    edge = Edge(folder=store, key=key, site_url=site_url, certificate=certificate)
    environment = live_stack.environment | {
        "SITE_URL": site_url,
        "GAMES_URL": f"https://games.test:{port}",
        "ALLOWED_HOSTS": f"{SITE},localhost,127.0.0.1",
        "BEHIND_PROXY": "1",
        "STREAM_DELIVERY_URL": f"cdn://{edge.host}?key_id={KEY_ID}&domain={SITE}",
        "STREAM_CDN_PRIVATE_KEY_FILE": str(folder / "cdn.pem"),
    }
    user = "user root;" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(
        TLS.format(folder=folder, port=port, app=app, certificate=certificate, user=user), "utf-8"
    )
    nginx = processes.Command(
        name="nginx",
        arguments=[find_nginx(), "-p", folder, "-c", conf, "-g", "daemon off;"],
        environment=os.environ,
    )
    with ExitStack() as stack:
        stack.enter_context(edges.running(edge))
        web = run.start_web("web-cdn", app, environment, live_stack.place.logs)
        stack.callback(processes.stop, [web])
        front = processes.start(nginx, log=folder / "nginx.log")
        stack.callback(processes.stop, [front])
        yield Place(site_url, edge, said, folder / "access.log")


@pytest.fixture
def patron(place: Place, browser: Browser, chromium_path: str) -> Iterator[Page]:
    """A patron's page in a browser that finds both hosts on this machine."""
    here = f"--host-resolver-rules=MAP {SITE} 127.0.0.1, MAP {CDN} 127.0.0.1"
    own = browser.browser_type.launch(executable_path=chromium_path, args=[*CHROMIUM_FLAGS, here])
    context = own.new_context(locale="en-GB", base_url=place.site_url, ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"/l/{place.said['slug']}/enter/")
    page.get_by_label("Access code").fill(place.said["code"])
    page.get_by_role("main").get_by_role("button", name="Enter").click()
    page.wait_for_url("**/discover/")
    yield page
    own.close()


def test_a_track_plays_from_the_cdn_and_what_was_heard_is_told_to_the_platform(
    live_stack: LiveStack, place: Place, patron: Page
) -> None:
    patron.goto(f"/works/{place.said['release']}/x/")
    patron.get_by_role("button", name="Listen").first.click()
    expect(patron.locator("#player")).to_have_attribute("data-state", "playing")
    patron.wait_for_function(f"() => {STANDS_AT} > 11")
    with acknowledged(patron, "pause"):
        patron.get_by_role("region", name="Player").get_by_role("button", name="Pause").click()
    segments = [path for path in place.edge.served if path.endswith(".m4s")]
    assert len(segments) >= 2
    assert place.edge.refused == []
    assert ".m4s" not in place.log.read_text("utf-8")  # not one came by the platform
    heard = float(live_stack.manage("shell", "-v0", "-c", HEARD).partition("SAID")[2])
    assert heard == pytest.approx(patron.evaluate(STANDS_AT), abs=2)
    cookies = {
        one["name"]: one["value"] for one in patron.context.cookies(f"https://{place.edge.host}{segments[0]}")
    }
    assert fetch(place.edge, segments[0], cookies) == 200
    _others_get_nothing(place.edge, segments[0], cookies)


def _others_get_nothing(edge: Edge, path: str, cookies: dict[str, str]) -> None:
    policy = cookies["CloudFront-Policy"]
    for wrong in (
        {},
        cookies | {"CloudFront-Key-Pair-Id": "KOTHER"},
        cookies | {"CloudFront-Policy": policy[:-8] + policy[-8:].swapcase()},
        cookies | {"CloudFront-Signature": cookies["CloudFront-Signature"][::-1]},
    ):
        assert fetch(edge, path, wrong) == 403
    elsewhere = f"/packages/{'ab' * 32}/{path.rpartition('/')[2]}"
    assert fetch(edge, elsewhere, cookies) == 403
    assert edge.refused[-1].endswith("another package")


def fetch(edge: Edge, path: str, cookies: dict[str, str]) -> int:
    """Return the status of a file that is asked for with cookies, by somebody who has no browser."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    request = urllib.request.Request(f"https://127.0.0.1:{edge.server_port}{path}", headers={"Cookie": said})
    try:
        with urllib.request.urlopen(request, context=trusting, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
