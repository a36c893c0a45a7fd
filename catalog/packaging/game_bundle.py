"""Games: an HTML5 bundle, unpacked as it is, of file types that a browser needs and no other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from catalog.packaging import archive, cover
from catalog.packaging.archive import Limits
from catalog.packaging.content_types import GAME
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Material, Recipe, Report

LIMITS = Limits(files=2_000, total_bytes=400_000_000)
INDEX, BUNDLE = "index.html", "bundle.json"
COVERS = ("cover.png", "cover.jpg", "cover.webp", "icon.png")


def build(material: Material, folder: Path, report: Report) -> Built:
    """Unpack a bundle whose index.html is at the top or in its only folder; note each file's hash.

    Raises:
        PackageFault: `index_missing`, `file_type_refused`, or what an archive is refused for.
    """
    with archive.open_archive(material.path, LIMITS) as bundle:
        prefix = _prefix(bundle.names)
        names = [name for name in bundle.names if name.startswith(prefix)]
        for name in names:
            if PurePosixPath(name).suffix.lower() not in GAME and "." in PurePosixPath(name).name:
                raise PackageFault(
                    "file_type_refused", _("A game may not hold files of this type."), detail=name
                )
        files: dict[str, dict[str, str | int]] = {}
        for done, name in enumerate(names, start=1):
            target = folder / name.removeprefix(prefix)
            if not PurePosixPath(name).suffix:
                continue  # LICENSE, CNAME and the like: nothing that a browser asks for
            bundle.extract(name, target)
            data = target.read_bytes()
            files[name.removeprefix(prefix)] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            report(done / len(names))
    text = json.dumps({"entry": INDEX, "files": dict(sorted(files.items()))}, ensure_ascii=False, indent=1)
    (folder / BUNDLE).write_text(text, "utf-8")
    return Built(cover=_cover(folder))


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


RECIPE = Recipe(name="game-bundle", version=1, entry=INDEX, build=build)
