"""From the patron's click to the artist's row: every step by its address, on the platform's own URLs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Package, PlayLogDay, Resource
from catalog.packaging import hls_audio
from catalog.packaging.content_types import type_of
from catalog.packaging.recipe import Material
from catalog.streaming import door
from catalog.usage import compaction, log
from mediaplatform.infrastructure.objectstore import get_store
from mediaplatform.kernel.periods import Month
from tests.factories.catalog import make_release, write_wave
from tests.subscriptions.access.people import Person
from tests.subscriptions.api.people import open_playback, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine seconds of a sine, packaged as a delivered track is."""
    folder = tmp_path_factory.mktemp("tone")
    package = folder / "package"
    package.mkdir()
    hls_audio.build(Material(write_wave(folder / "a.wav", seconds=9)), package, lambda _part: None)
    return package


@pytest.fixture
def track(settings: Settings, tmp_path: Path, tone: Path) -> Resource:
    """A track whose package is in the store."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    resource = make_release().resources.get()
    for file in (path for path in tone.rglob("*") if path.is_file()):
        key = f"{Package.objects.get().prefix}{file.relative_to(tone)}"
        get_store().put_file(key=key, path=file, content_type=type_of(file.name))
    return resource


@pytest.fixture
def browser(bob: Person) -> Client:
    return sign_in(bob)


def text_of(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def addresses_in(playlist: str) -> list[str]:
    """Return what a player would ask for next: the lines that are addresses, and the init segment."""
    lines = [line for line in playlist.splitlines() if line and not line.startswith("#")]
    return re.findall(r'#EXT-X-MAP:URI="([^"]+)"', playlist) + lines


def test_every_file_that_a_player_asks_for_is_served_by_the_token_alone(
    browser: Client, track: Resource
) -> None:
    said = open_playback(browser, track)
    variants = addresses_in(text_of(said["manifest_url"]))
    assert len(variants) == 3
    for variant in variants:
        base = said["base_url"] + variant
        files = addresses_in(text_of(base))
        assert len(files) == 4  # an init segment and nine seconds by four
        sizes = [len(Client().get(base.rsplit("/", 1)[0] + "/" + name).getvalue()) for name in files]
        assert min(sizes) > 500


def listen(said: dict[str, Any], *intervals: list[float]) -> None:
    for sequence, interval in enumerate(intervals):
        beat = {"sequence": sequence, "intervals": [interval], "event": "tick", "rate": 1}
        answer = Client().post(said["heartbeat_url"], beat, content_type="application/json")
        assert answer.json() == {"acknowledged": sequence}


def test_what_was_heard_becomes_one_row_that_names_nobody(
    browser: Client, bob: Person, track: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = open_playback(browser, track)
    opened_at = door.recognise(said["token"]).opened_at
    monkeypatch.setattr(timezone, "now", lambda: opened_at + timedelta(seconds=60))
    listen(said, [0, 4], [3, 9], [0, 2])
    compaction.compact_open_days(now=timezone.now())
    [play] = log.read_day(day=log.day_of(opened_at)).to_pylist()
    assert (play["library_id"], play["resource_id"], play["seconds"]) == (bob.library.pk, track.pk, 9)
    assert (play["session_id"], play["status"]) == (said["session_id"], "counted")
    assert re.fullmatch(r"[0-9a-f]{32}", play["patron"])
    assert play["patron"] not in {str(bob.patron.pk), f"{bob.patron.pk:032x}"}


def test_a_month_of_it_is_what_the_calculation_reads(
    browser: Client, track: Resource, tmp_path: Path
) -> None:
    said = open_playback(browser, track)
    listen(said, [0, 1])
    compaction.compact_open_days(now=timezone.now())
    compaction.compact_open_days(now=timezone.now())
    day = PlayLogDay.objects.get()
    assert list(get_store().list_keys(prefix="usage/")) == [day.object_key]
    [file] = log.export_month(month=Month.of(timezone.now()), folder=tmp_path / "inputs")
    assert date.fromisoformat(file.stem) == day.day
    assert pq.read_schema(file).names == [
        *("library_id", "patron", "resource_id", "started_at", "seconds", "status")
    ]


def test_the_clock_compacts_the_log_every_minute() -> None:
    beats = django_settings.CELERY_BEAT_SCHEDULE
    assert beats["compact the play log"] == {"task": "catalog.usage.tasks.compact_plays", "schedule": 60.0}
