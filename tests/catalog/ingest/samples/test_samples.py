"""Every sample file goes in or is refused as docs/samples.md says; the table there is the expectation.

Skipped without MEDIAPLATFORM_DATA, the folder that the samples are in. With SAMPLES_TABLE=FILE its rows are written.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Package, Release, RightsShare
from catalog.packaging.services import run_package
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.samples.files import KINDS
from tests.factories.catalog import make_geography

pytestmark = pytest.mark.django_db
DATA = os.environ.get("MEDIAPLATFORM_DATA", "")
TABLE = Path(__file__).parents[4] / "docs" / "samples.md"
PACKED = ("epub-", "games", "video")  # these are packaged too


def sample_files() -> list[tuple[str, str]]:
    """Return (pattern, path relative to the data) of every sample."""
    data = Path(DATA)
    return [
        (pattern, path.relative_to(data).as_posix())
        for pattern in KINDS
        for path in (sorted(data.glob(pattern)) if DATA else [])
    ]


def expected() -> dict[str, str]:
    """Return the results of docs/samples.md by file."""
    rows = [line.split("|") for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `")]
    return {row[1].strip().strip("`"): row[2].strip() for row in rows}


@pytest.fixture(scope="module")
def media_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


def result_of(delivery: Delivery, name: str) -> str:
    """Return `accepted: 1 work, 2 parts` or `refused: code (number), ...`, in order."""
    codes = list(delivery.faults.filter(is_warning=False).values_list("code", flat=True))
    if codes:
        counted = (f"{code} ({codes.count(code)})" for code in sorted(set(codes)))
        return f"refused: {', '.join(counted)}"
    releases = Release.objects.filter(deliveries=delivery)
    parts = sum(release.resources.filter(withdrawn_at=None).count() for release in releases)
    shares = RightsShare.objects.filter(resource__release__in=releases).count()
    said = f"accepted: {releases.count()} works, {parts} parts, {shares} shares"
    if name.startswith(PACKED):
        packages = [run_package(package_id=one.pk) for one in Package.objects.all()]
        said += f"; package {', '.join(one.fault_code or one.state for one in packages)}"
    return said


@pytest.mark.skipif(not DATA, reason="MEDIAPLATFORM_DATA names no folder of samples")
@pytest.mark.parametrize(("pattern", "name"), sample_files())
def test_a_sample_goes_as_the_table_says(pattern: str, name: str, tmp_path: Path, media_place: Path) -> None:
    objectstore.get_store().prepare()
    make_geography()
    KINDS[pattern](Path(DATA) / name, tmp_path / "folder", media_place)
    delivery = deliver_folder(folder=tmp_path / "folder", sent_by=None, deliverer="samples")
    result = result_of(delivery, name)
    if table := os.environ.get("SAMPLES_TABLE"):
        with Path(table).open("a", encoding="utf-8") as out:
            out.write(f"| `{name}` | {result} |\n")
        return
    assert result == expected()[name]
