"""Asks a ClamAV daemon about every file of a delivery, where settings.CLAMAV_URL names one."""

from __future__ import annotations

import socket
import struct
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from catalog.errors import CatalogError
from catalog.ingest.faults import Faults
from mediaplatform.infrastructure.said import say as _

CHUNK_BYTES = 256 * 1024
CONNECT_S, ANSWER_S = 5.0, 120.0
LONGEST_ANSWER = 4_096


class ScannerAway(CatalogError):
    """The scanner did not answer, or not with a yes or a no."""

    code = "scanner_away"


def scan_folder(folder: Path) -> Faults:
    """Return a fault for each infected file; none where no scanner is set up.

    A scanner that can't be asked is a fault too: nothing goes in unscanned.
    """
    faults = Faults()
    if not settings.CLAMAV_URL:
        return faults
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        try:
            found = scan_file(path, address=settings.CLAMAV_URL)
        except ScannerAway as away:
            faults.add(name, None, "", code=away.code, message=away.words)
            return faults
        if found:
            message = _("The virus scanner found %(name)s in this file.") % {"name": found}
            faults.add(name, None, "", code="infected", message=message)
    return faults


def scan_file(path: Path, *, address: str) -> str:
    """Return the name of what ClamAV finds in a file, or nothing (clamd(8), command INSTREAM).

    Raises:
        ScannerAway: no daemon at the address, a file beyond its limit, or an answer that is neither yes nor no.
    """
    try:
        with closing(_connect(address)) as peer, path.open("rb") as file:
            with suppress(
                BrokenPipeError, ConnectionResetError
            ):  # it says why, and hangs up: too large a file
                peer.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK_BYTES):
                    peer.sendall(struct.pack("!I", len(chunk)) + chunk)
                peer.sendall(struct.pack("!I", 0))
            answer = _answer(peer)
    except OSError as error:
        message = _("The virus scanner can't be reached: deliver again later. (%(error)s)")
        raise ScannerAway(message % {"error": error}) from error
    if answer.endswith(" OK"):
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(_("The virus scanner did not check this file: %(answer)s") % {"answer": answer[:200]})


def _connect(address: str) -> socket.socket:
    url = urlsplit(address)
    if url.scheme == "unix":
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        peer.settimeout(CONNECT_S)
        peer.connect(unquote(url.path))
    else:
        peer = socket.create_connection((url.hostname or "localhost", url.port or 3310), CONNECT_S)
    peer.settimeout(ANSWER_S)
    return peer


def _answer(peer: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (part := peer.recv(LONGEST_ANSWER)):
        answer += part
    return answer.decode("utf-8", "replace").strip("\0 \n")
