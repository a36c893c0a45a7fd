"""A CDN's edge, as CloudFront's signed cookies have it: written from their description, and not from our signer."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from catalog.packaging.content_types import type_of

SITE, CDN = "media.test", "cdn.media.test"
KEY_ID = "KJOURNEY"


class Edge(ThreadingHTTPServer):
    """Serves a folder to whoever brings a policy that covers the address, is not over, and is signed by the key."""

    daemon_threads = True

    def __init__(self, *, folder: Path, key: rsa.RSAPublicKey, site_url: str, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.key, self.site_url = folder, key, site_url
        self.host = f"{CDN}:{self.server_port}"
        self.served, self.refused = list[str](), list[str]()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def fault_of(self, path: str, cookies: SimpleCookie) -> str:
        """Say why an address is not opened; empty if it is."""
        try:
            policy, signature, key_id = (
                cookies[f"CloudFront-{name}"].value for name in ("Policy", "Signature", "Key-Pair-Id")
            )
        except KeyError:
            return "no cookies"
        if key_id != KEY_ID:
            return "another key"
        try:
            said, seal = (
                base64.b64decode(one.translate(str.maketrans("-_~", "+=/"))) for one in (policy, signature)
            )
            self.key.verify(seal, said, padding.PKCS1v15(), hashes.SHA1())
        except (InvalidSignature, ValueError):
            return "forged"
        [statement] = json.loads(said)["Statement"]
        covered = statement["Resource"]
        asked = f"https://{self.host}{path}"
        if not (asked.startswith(covered[:-1]) if covered.endswith("*") else asked == covered):
            return "another package"
        return "" if time.time() < statement["Condition"]["DateLessThan"]["AWS:EpochTime"] else "over"


class _Handler(BaseHTTPRequestHandler):
    server: Edge
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        fault = self.server.fault_of(path, SimpleCookie(self.headers.get("Cookie", "")))
        file = self.server.folder / path.lstrip("/")
        if fault or ".." in path or not file.is_file():
            self.server.refused.append(f"{path}: {fault or 'no file'}")
            return self._answer(403 if fault else 404, b"", "text/plain")
        self.server.served.append(path)
        data, headers, status = file.read_bytes(), {}, 200
        if asked := self.headers.get("Range", "").removeprefix("bytes="):
            start, _, end = asked.partition("-")
            stop = min(int(end) + 1 if end else len(data), len(data))
            headers = {"Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"}
            data, status = data[int(start) : stop], 206
        return self._answer(status, data, type_of(file.name), **headers)

    def _answer(self, status: int, data: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status)
        cors = {
            "Access-Control-Allow-Origin": self.server.site_url,
            "Access-Control-Allow-Credentials": "true",
            "Cache-Control": "private, max-age=600",
            "Content-Type": content_type,
            "Content-Length": str(len(data)),
        }
        for name, value in {**cors, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(edge: Edge) -> Iterator[Edge]:
    """Let an edge answer."""
    threading.Thread(target=edge.serve_forever, daemon=True).start()
    try:
        yield edge
    finally:
        edge.shutdown()
        edge.server_close()


def make_key(path: Path) -> rsa.RSAPublicKey:
    """Write a private key as STREAM_CDN_PRIVATE_KEY_FILE wants it; return its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(_pem(key))
    return key.public_key()


def write_certificate(path: Path) -> Path:
    """Write a certificate of both hosts that nobody vouches for, with its key, in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SITE)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SITE), x509.DNSName(CDN)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(_pem(key) + made.public_bytes(serialization.Encoding.PEM))
    return path


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
