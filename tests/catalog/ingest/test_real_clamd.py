"""ClamAV itself, where it is installed, with one signature of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from catalog.ingest import virus_scan
from tests.catalog.ingest.test_virus_scan import EICAR

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
PATIENCE_S = 60.0
CONFIGURATION = """DatabaseDirectory {place}
LocalSocket {place}/clamd.sock
Foreground yes
StreamMaxLength 1M
User {user}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A clamd on a Unix socket that takes a megabyte at most."""
    if CLAMD is None:
        pytest.skip("no clamd is installed")
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:  # a path short enough for a socket
        place = Path(name)
        (place / "own.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
        user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
        (place / "clamd.conf").write_text(CONFIGURATION.format(place=place, user=user))
        process = subprocess.Popen([CLAMD, "-c", place / "clamd.conf"], stdout=subprocess.DEVNULL)
        try:
            until = time.monotonic() + PATIENCE_S
            while not (place / "clamd.sock").exists() and time.monotonic() < until:
                time.sleep(0.1)
            yield f"unix://{place}/clamd.sock"
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def test_it_names_what_it_finds_even_in_an_archive(tmp_path: Path, address: str) -> None:
    (tmp_path / "clean.csv").write_bytes(b"a,b\n")
    (tmp_path / "bad.wav").write_bytes(EICAR)
    with zipfile.ZipFile(tmp_path / "packed.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OEBPS/one.xhtml", EICAR)
    found = {path.name: virus_scan.scan_file(path, address=address) for path in tmp_path.iterdir()}
    named = "Test.Eicar.UNOFFICIAL"
    assert found == {"clean.csv": "", "bad.wav": named, "packed.epub": named}


def test_a_file_beyond_its_limit_is_refused_with_its_reason(tmp_path: Path, address: str) -> None:
    (tmp_path / "large.wav").write_bytes(os.urandom(6_000_000))
    with translation.override("en"), pytest.raises(virus_scan.ScannerAway, match="did not check"):
        virus_scan.scan_file(tmp_path / "large.wav", address=address)
