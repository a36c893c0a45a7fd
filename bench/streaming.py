"""What a stream costs: `make bench-streaming ARGS="--seconds 8"`.

Segments of a package are asked for by `wrk` on one core's worth of connections, under many sessions' tokens, from

    bare       nginx, the files under a plain `location`: the floor
    granted    nginx, which asks Django for a token once in fifteen seconds (infra/nginx/granted.conf.template)
    x-accel    nginx, which asks Django for each segment
    django     granian and Django alone

and each line says requests and bytes a second, the CPU time of all server processes for a gigabyte and for a request
(the client's not counted), and the ratio of its requests to the floor's. Before that: how long it takes from opening a
playback to the end of its first segment. After it: heartbeats acknowledged, each committed to PostgreSQL's disk.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import psutil

from mediaplatform.infrastructure.embedded import processes, run
from mediaplatform.infrastructure.embedded.nginx import Nginx
from mediaplatform.infrastructure.embedded.place import DATABASE, Place
from mediaplatform.infrastructure.embedded.processes import Child

PACKAGE = "ab" * 32
SIZES = {"audio 80 kB": ("160/seg_1.m4s", 80_000), "video 1.2 MB": ("720/seg_1.m4s", 1_200_000)}
COLUMNS = ("req/s", "MB/s", "CPU s/GB", "CPU ms/req", "p50 ms", "p99 ms", "refused", "x bare")
GIGA = 1e9
OPENINGS = 30
THREADS = 2  # as infra/nginx has it for streams
CSRF = "c" * 32
WRK = r"""
local paths = {}
for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
local at = math.random(#paths)
function done(summary, latency, _)
  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\n", summary.requests, summary.bytes, summary.duration,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
"""
WRK_SEGMENTS = r"""
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""
WRK_BEATS = r"""
local sequence = os.time() %% 50
function request()
  at = at %% #paths + 1
  if at == 1 then sequence = sequence + 1 end
  local body = '{"sequence":' .. sequence .. ',"intervals":[[0,9.8]],"rate":1,"position_s":9.8,"event":"tick"}'
  return wrk.format("POST", paths[at], { ["Content-Type"] = "application/json" }, body)
end
"""
PREPARE = """
import sys, pathlib
from django.conf import settings
from django.utils import timezone
from datetime import timedelta
from uuid import UUID
from catalog.streaming import grants
from catalog.streaming.grants import Grant
from mediaplatform.infrastructure.objectstore import get_store
for name, size in {sizes!r}.values():
    data = bytes(range(256)) * (size // 256)
    get_store().put_bytes(key="packages/{package}/" + name, data=data, content_type="video/iso.segment")
now = timezone.now()
def token(n):
    return grants.sign(
        Grant(
            key_id=settings.GRANT_KEY_ID, session_id=UUID(int=n), library_id=3, patron=f"{{n:032x}}", resource_id=12,
            package="{package}", medium="video", source="web", max_age=None, duration_s=185,
            opened_at=now, issued_at=now, expires_at=now + timedelta(minutes=10),
        ),
        seed=settings.GRANT_SIGNING_KEY,
    )
tokens = [token(n) for n in range({sessions})]
pathlib.Path("{tokens}").write_text("\\n".join(tokens))

from django.contrib.sessions.backends.cached_db import SessionStore
from catalog.models import Package
from subscriptions.patrons import middleware
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import make_person
person, session = make_person(), SessionStore()
middleware.sign_in(session, patron_id=person.patron.pk, profile_id=person.profile.pk)
session.save()
resource = make_release().resources.get()
digest = Package.objects.get(resource=resource).digest
for name in ("master.m3u8", "160/index.m3u8", "160/seg_1.m4s"):
    data = bytes(80_000 if name.endswith("m4s") else 600)
    get_store().put_bytes(key=f"packages/{{digest}}/{{name}}", data=data, content_type="x/x")
pathlib.Path("{people}").write_text(f"{{session.session_key}} {{resource.pk}}")
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a server did under load; times in seconds."""

    requests_a_s: float
    bytes_a_s: float
    cpu_s_a_gb: float
    cpu_ms_a_request: float
    p50_ms: float
    p99_ms: float
    refused: int

    def row(self) -> str:
        """Return the figures as COLUMNS but the last."""
        return (
            f"{self.requests_a_s:>11.0f}{self.bytes_a_s / 1e6:>11.0f}{self.cpu_s_a_gb:>11.2f}"
            f"{self.cpu_ms_a_request:>11.3f}{self.p50_ms:>11.1f}{self.p99_ms:>11.1f}{self.refused:>11}"
        )


def main(options: list[str] | None = None) -> None:
    """Start servers in a folder that is thrown away, measure, print."""
    parser = argparse.ArgumentParser(prog="bench streaming", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="of load for each line")
    parser.add_argument("--sessions", type=int, default=4_000, help="whose tokens are used in turn")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--port", type=int, default=0, help="the first of ten free ports; 0: any")
    chosen = parser.parse_args(options)
    if not shutil.which("wrk"):
        sys.exit("streaming: wrk is not here (Debian's package wrk)")
    with tempfile.TemporaryDirectory(prefix="mediaplatform-bench-") as scratch:
        Path(scratch).chmod(0o755)
        measure(Path(scratch), chosen)


def measure(scratch: Path, chosen: argparse.Namespace) -> None:
    """Measure each kind of delivery on each size of segment."""
    with platform(scratch) as bench:
        tokens = scratch / "tokens"
        code = PREPARE.format(
            sizes=SIZES, package=PACKAGE, sessions=chosen.sessions, tokens=tokens, people=scratch / "people"
        )
        bench.shell(code)
        report_opening(bench, tokens.with_name("people"))
        print(f"{'segment':14}{'by':10}" + "".join(f"{name:>11}" for name in COLUMNS))
        for size, (name, _bytes) in SIZES.items():
            floor: Rate | None = None
            for kind in ("bare", "granted", "x-accel", "django"):
                paths = [f"/m/{token}/{name}" for token in tokens.read_text("utf-8").split()]
                if kind == "bare":
                    paths = [f"/bare/packages/{PACKAGE}/{name}"]
                rate = bench.load(kind, paths, chosen)
                floor = floor or rate
                print(f"{size:14}{kind:10}{rate.row()}{rate.requests_a_s / floor.requests_a_s:>11.2f}")
        report_heartbeats(bench, tokens.read_text("utf-8").split(), chosen)


def report_opening(bench: Platform, people: Path) -> None:
    """Print how long it takes from a press on "play" to the last byte of the first segment, one after the other."""
    cookie, resource = people.read_text("utf-8").split()
    for kind in ("django", "x-accel", "granted"):
        took = sorted(bench.open_and_fetch(kind, cookie, int(resource)) for _ in range(OPENINGS))
        p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
        print(f"open to first segment, by {kind}: p50 {p50 * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms")


def report_heartbeats(bench: Platform, tokens: Sequence[str], chosen: argparse.Namespace) -> None:
    """Print how many heartbeats a second are acknowledged, each by one commit (`bench usage` has their floor)."""
    rate = bench.load("django", [f"/m/{token}/heartbeat" for token in tokens], chosen, script=WRK_BEATS)
    print(
        f"heartbeats: {rate.requests_a_s:.0f}/s acknowledged, {rate.cpu_ms_a_request:.3f} CPU ms each, "
        f"p50 {rate.p50_ms:.1f} ms, p99 {rate.p99_ms:.1f} ms, {rate.refused} refused"
    )


class Platform:
    """Servers under measurement."""

    def __init__(self, place: Place, environment: dict[str, str], ports: dict[str, int]) -> None:
        self.place, self.environment, self.ports = place, environment, ports
        self.children: dict[str, Child] = {}

    def shell(self, code: str) -> str:
        """Run a piece of Django shell."""
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
        done = subprocess.run(
            command, cwd=run.PROJECT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def open_and_fetch(self, kind: str, cookie: str, resource: int) -> float:
        """Return the seconds from opening a playback to the end of its first segment, as a player asks for them."""
        begun = time.perf_counter()
        link = http.client.HTTPConnection("localhost", self.ports[kind])
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"mediaplatform_session={cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        link.request("POST", "/api/v1/playback/open", json.dumps({"resource_id": resource}), headers)
        answer = link.getresponse()
        said = json.loads(answer.read())
        assert answer.status == HTTPStatus.OK, said
        for name in ("master.m3u8", "160/index.m3u8", "160/seg_1.m4s"):
            link.request("GET", said["base_url"] + name)
            answer = link.getresponse()
            answer.read()
            assert answer.status == HTTPStatus.OK, name
        link.close()
        return time.perf_counter() - begun

    def load(
        self, kind: str, paths: Sequence[str], chosen: argparse.Namespace, *, script: str = WRK_SEGMENTS
    ) -> Rate:
        """Ask for the paths in turn, as fast as the server answers."""
        port = self.ports[kind]
        listed, program = self.place.var / "paths", self.place.var / "wrk.lua"
        listed.write_text("\n".join(paths), "utf-8")
        program.write_text((WRK + script) % {"paths": listed}, "utf-8")
        command = ["wrk", "-t1", f"-c{chosen.connections}", "-s", str(program), f"http://localhost:{port}"]
        subprocess.run([*command, f"-d{chosen.seconds}s"], capture_output=True, check=True)
        before = self.cpu_s()
        done = subprocess.run([*command, f"-d{chosen.seconds}s"], capture_output=True, text=True, check=True)
        cpu_s = self.cpu_s() - before
        found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
        assert found, done.stdout + done.stderr
        requests, sent, took_us, refused, p50_us, p99_us = map(int, found.groups())
        return Rate(
            requests_a_s=requests / took_us * 1e6,
            bytes_a_s=sent / took_us * 1e6,
            cpu_s_a_gb=cpu_s / (sent / GIGA),
            cpu_ms_a_request=cpu_s / requests * 1e3,
            p50_ms=p50_us / 1e3,
            p99_ms=p99_us / 1e3,
            refused=refused,
        )

    def cpu_s(self) -> float:
        """Return the CPU time of every server process so far."""
        total = 0.0
        for child in self.children.values():
            parent = psutil.Process(child.process.pid)
            for one in (parent, *parent.children(recursive=True)):
                times = one.cpu_times()
                total += times.user + times.system
        return total


@contextmanager
def platform(scratch: Path) -> Iterator[Platform]:
    """Run PostgreSQL, Valkey, one granian and nginx in a folder."""
    names = ("django", "accel-app", "x-accel", "granted", "games", "games-granted")
    ports = dict(zip(names, processes.free_ports(len(names)), strict=True))
    ports["bare"] = ports["x-accel"]
    place = Place(var=scratch / "var", port=ports["django"], has_demo=False)
    place.logs.mkdir(parents=True)
    place.sockets.mkdir(mode=0o711, parents=True, exist_ok=True)
    objects = f"{place.var}/objects"
    nginx = Nginx(
        folder=scratch / "nginx",
        site_port=ports["x-accel"],
        games_port=ports["games"],
        app=f"127.0.0.1:{ports['accel-app']}",
        object_store_url=f"file://{objects}",
        further=f"location /bare/ {{ alias {objects}/objects/; access_log off; }}\n",
    )
    granted = replace(
        nginx,
        folder=scratch / "granted",
        site_port=ports["granted"],
        games_port=ports["games-granted"],
        is_granted=True,
    )
    environment = place.environment() | {"BEHIND_PROXY": "1", "LOG_LEVEL": "WARNING"}
    bench = Platform(place, environment, ports)
    try:
        bench.children["postgres"] = place.postgres.start()
        bench.children["valkey"] = place.valkey.start()
        place.postgres.create_database(DATABASE)
        prepared = processes.start(
            run.embedded_command("prepare", environment), log=place.logs / "prepare.log"
        )
        assert prepared.process.wait() == 0, (place.logs / "prepare.log").read_text()
        for name, delivery in (("django", "django:"), ("accel-app", "nginx:/_objects")):
            chosen = environment | {"STREAM_DELIVERY_URL": delivery}
            bench.children[name] = run.start_web(name, ports[name], chosen, place.logs, threads=THREADS)
        bench.children["granted"] = granted.start()
        bench.children["nginx"] = nginx.start()
        yield bench
    finally:
        processes.stop(reversed(bench.children.values()))
