"""Whatever is sent to a queue has a worker, on one's own machine and in production."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from catalog.packaging import recipes
from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.run import our_parts
from mediaplatform.infrastructure.tasks import QUEUES

ROOT = Path(__file__).parents[2]
SOURCES = ("catalog", "subscriptions", "royalties", "mediaplatform")
SENT = re.compile(r"""\bqueue=["'](\w+)["']|^(?:TASKS, )?QUEUE\b.*["'](\w+)["']$""", re.MULTILINE)
SERVED = re.compile(r"""(?:-Q|--queues)[\s=",'\]\[-]+([a-z,]+)""")


def queues_sent_to() -> set[str]:
    """The queues that the code names, the recipes' and the default one."""
    named = {
        name
        for top in SOURCES
        for path in (ROOT / top).rglob("*.py")
        if "node_modules" not in path.parts
        for pair in SENT.findall(path.read_text("utf-8"))
        for name in pair
        if name
    }
    return (
        named | {recipe.queue for recipe in recipes.BY_NAME.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    )


def files_with_workers() -> list[Path]:
    """The operators' page, and each folder of infra in whose files a worker is started."""
    files = [path for path in (ROOT / "infra").rglob("*") if path.is_file() and path.suffix != ".py"]
    started = {path.parent for path in files if SERVED.search(path.read_text("utf-8", "replace"))}
    return [ROOT / "docs" / "operations.md", *sorted(started)]


def queues_served(place: Path) -> set[str]:
    files = [one for one in place.rglob("*") if one.is_file()] if place.is_dir() else [place]
    found = [lists for file in files for lists in SERVED.findall(file.read_text("utf-8", "replace"))]
    return {name for names in found for name in names.split(",") if name}


def test_the_code_sends_to_the_known_queues_alone() -> None:
    assert queues_sent_to() == set(QUEUES)


@pytest.mark.parametrize("place", files_with_workers(), ids=lambda place: place.name)
def test_each_queue_has_a_worker_in_production(place: Path) -> None:
    assert queues_served(place) == set(QUEUES)


def test_each_queue_has_a_worker_under_make_run(tmp_path: Path) -> None:
    parts = {part.name for part in our_parts(Place(var=tmp_path, port=8350, has_demo=False), {})}
    assert {name.removeprefix("worker-") for name in parts if name.startswith("worker-")} == set(QUEUES)
