"""A virus scanner is asked about every file, by clamd's own protocol over a real socket."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from catalog.ingest import virus_scan
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Release
from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded import processes
from tests.factories.catalog import DELIVERY_ROW, make_geography, write_folder

# The test string of EICAR, in two parts so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Answers INSTREAM as clamd(8) says it does."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
            if len(data) > self.server.limit:  # type: ignore[attr-defined]
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = EICAR in data
        self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.limit = 25_000_000  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def address(server: socketserver.TCPServer) -> str:
    return f"tcp://127.0.0.1:{server.server_address[1]}"


def test_a_clean_file_is_let_through_and_an_infected_one_is_named(
    tmp_path: Path, clamd: socketserver.TCPServer
) -> None:
    (tmp_path / "clean").write_bytes(b"x" * 1_000_000)
    (tmp_path / "bad").write_bytes(EICAR)
    assert virus_scan.scan_file(tmp_path / "clean", address=address(clamd)) == ""
    assert virus_scan.scan_file(tmp_path / "bad", address=address(clamd)) == "Win.Test.EICAR_HDB-1"


def test_a_scanner_on_a_unix_socket_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(EICAR)
    place = tmp_path / "clamd.sock"
    with socketserver.ThreadingUnixStreamServer(str(place), Clamd) as server:
        server.limit = 1_000  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert virus_scan.scan_file(tmp_path / "bad", address=f"unix://{place}") == "Win.Test.EICAR_HDB-1"
        server.shutdown()


def test_a_file_beyond_the_scanners_limit_is_not_taken_for_clean(
    tmp_path: Path, clamd: socketserver.TCPServer
) -> None:
    clamd.limit = 100  # type: ignore[attr-defined]
    (tmp_path / "large").write_bytes(b"x" * 1_000)
    with pytest.raises(virus_scan.ScannerAway):
        virus_scan.scan_file(tmp_path / "large", address=address(clamd))


def deliver(folder: Path) -> Delivery:
    objectstore.get_store().prepare()
    make_geography()
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


@pytest.mark.django_db
def test_a_delivery_with_an_infected_file_is_refused_by_name(
    tmp_path: Path, clamd: socketserver.TCPServer, settings: LazySettings
) -> None:
    settings.CLAMAV_URL = address(clamd)
    write_folder(tmp_path, delivery=[DELIVERY_ROW])
    (tmp_path / "readme.txt").write_bytes(EICAR)
    delivery = deliver(tmp_path)
    fault = delivery.faults.get()
    assert (delivery.state, fault.file, fault.code) == ("refused", "readme.txt", "infected")
    assert "EICAR" in fault.message
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_without_its_scanner_a_delivery_is_refused_and_not_let_through(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{processes.free_ports(1)[0]}"
    delivery = deliver(write_folder(tmp_path))
    assert [fault.code for fault in delivery.faults.all()] == ["scanner_away"]


@pytest.mark.django_db
def test_a_clean_delivery_goes_in(
    tmp_path: Path, clamd: socketserver.TCPServer, settings: LazySettings
) -> None:
    settings.CLAMAV_URL = address(clamd)
    assert deliver(write_folder(tmp_path)).state == "applied"
