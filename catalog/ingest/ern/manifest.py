"""The manifest of a batch (DDEX ERN choreography, ManifestMessage): which messages it has, with their checksums."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalog.ingest import originals
from catalog.ingest.ern.resources import check_hash
from catalog.ingest.faults import Faults
from catalog.ingest.originals import PathRefused
from catalog.ingest.xml_files import Root, XmlRefused, parse_xml
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _


def is_ours(root: Root) -> bool:
    """Tell whether a file that begins so is a batch's manifest, of whatever version."""
    return root.name == "ManifestMessage"


def check_manifest(path: Path, *, folder: Path, messages: Iterable[Path], faults: Faults) -> None:
    """Compare a manifest with the messages that are there; each difference is a fault at its place."""
    name = path.relative_to(folder).as_posix()
    try:
        root = Node(parse_xml(path), name, faults)
    except XmlRefused as refused:
        faults.add(name, refused.line, "", code=refused.code, message=refused.words)
        return
    base = name.rpartition("/")[0]
    listed = [
        _check_entry(entry, folder=folder, base=f"{base}/" if base else "")
        for entry in root.children("MessageInBatch")
    ]
    count = root.first("NumberOfMessages")
    if count is not None and count.value != str(len(listed)):
        message = _("The manifest lists %(listed)d messages and says %(said)s.")
        count.fault("wrong_count", message % {"listed": len(listed), "said": count.value})
    for message_path in messages:
        if message_path not in listed:
            left = message_path.relative_to(folder).as_posix()
            faults.add(
                name,
                1,
                root.path,
                code="not_in_manifest",
                message=_("%(name)s is not listed.") % {"name": left},
            )


def _check_entry(entry: Node, *, folder: Path, base: str) -> Path | None:
    """Return the file of an entry, if it is there."""
    uri = entry.text("URI", "FilePath", "MessageFilePath", limit=255).removeprefix("file://").lstrip("/")
    file = entry.text("FileName", limit=255)
    place = "/".join(part.strip("/") for part in (uri, file) if part.strip("/"))
    if not place:
        entry.fault("missing", _("This entry names no file."))
        return None
    found = None
    for candidate in (f"{base}{place}", place):
        try:
            found = originals.find_file(folder, candidate)
            break
        except PathRefused as refused:
            problem = refused
    if found is None:
        entry.fault(problem.code, f"{place}: {problem}")
        return None
    check_hash(entry, found)
    return found
