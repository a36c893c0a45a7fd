"""Games: an HTML5 bundle of file types that a browser needs and no other, with a storage that the platform keeps."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path, PurePosixPath

from catalog.packaging import archive, cover
from catalog.packaging.archive import Limits, SafeArchive
from catalog.packaging.content_types import GAME
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure.said import say as _

LIMITS = Limits(files=2_000, total_bytes=400_000_000)
INDEX, BUNDLE = "index.html", "bundle.json"
SAVES = "mediaplatform-saves.js"
SCRIPT = f'<script src="{SAVES}"></script>'.encode()
HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<!doctype[^>]*>", re.IGNORECASE)
HEAD_WITHIN = 64_000  # bytes of the page
COVERS = ("cover.png", "cover.jpg", "cover.webp", "icon.png")


def build(material: Material, folder: Path, report: Report) -> Built:
    """Unpack a bundle whose index.html is at the top or in its only folder; note each file's hash.

    The page gets one script of ours before its own (`with_saves`); nothing else is changed.

    Raises:
        PackageFault: `index_missing`, `file_type_refused`, or what an archive is refused for.
    """
    with archive.open_archive(material.path, LIMITS) as bundle:
        prefix, names = _checked(bundle)
        files: dict[str, dict[str, str | int]] = {}
        for done, name in enumerate(names, start=1):
            target = folder / name.removeprefix(prefix)
            if not PurePosixPath(name).suffix:
                continue  # LICENSE, CNAME and the like: nothing that a browser asks for
            bundle.extract(name, target)
            if name == f"{prefix}{INDEX}":
                target.write_bytes(with_saves(target.read_bytes()))
            data = target.read_bytes()
            files[name.removeprefix(prefix)] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            report(done / len(names))
    shim = Path(__file__).with_name("game_saves.js").read_bytes()
    (folder / SAVES).write_bytes(shim)
    files[SAVES] = {"sha256": hashlib.sha256(shim).hexdigest(), "size": len(shim)}
    text = json.dumps({"entry": INDEX, "files": dict(sorted(files.items()))}, ensure_ascii=False, indent=1)
    (folder / BUNDLE).write_text(text, "utf-8")
    size = sum(int(one["size"]) for one in files.values())
    return Built(cover=_cover(folder), facts={"files": len(files), "size_bytes": size})


def check_bundle(path: Path) -> None:
    """Look at a bundle's list of files, when it is delivered. Writes nothing. Raises: PackageFault, as `build`."""
    with archive.open_archive(path, LIMITS) as bundle:
        _checked(bundle)


def with_saves(index: bytes) -> bytes:
    """Return a page that loads the platform's storage before anything else: `<head>` -> `<head><script ...>`.

    A page without a head gets it after its doctype, and one without that, which browsers show in their old
    ways, before all.
    """
    place = HEAD.search(index[:HEAD_WITHIN]) or DOCTYPE.match(index)
    at = place.end() if place else 0
    return index[:at] + SCRIPT + index[at:]


def _checked(bundle: SafeArchive) -> tuple[str, list[str]]:
    """Return the folder of the index.html and the files in it."""
    prefix = _prefix(bundle.names)
    names = [name for name in bundle.names if name.startswith(prefix)]
    for name in names:
        if PurePosixPath(name).suffix.lower() not in GAME and "." in PurePosixPath(name).name:
            raise PackageFault("file_type_refused", _("A game may not hold files of this type."), detail=name)
    return prefix, names


def _prefix(names: list[str]) -> str:
    """Return the folder of the index.html, empty at the top."""
    if INDEX in names:
        return ""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and f"{(top := next(iter(tops)))}/{INDEX}" in names:
        return f"{top}/"
    raise PackageFault("index_missing", _("The game has no index.html at its top."))


def _cover(folder: Path) -> bytes | None:
    for name in COVERS:
        if (folder / name).is_file() and (folder / name).stat().st_size <= cover.MAX_BYTES:
            return (folder / name).read_bytes()
    return None


RECIPE = Recipe(name="game-bundle", version=2, queue="books", entry=INDEX, build=build)
