"""Finds the messages of a folder and reads each into rows."""

from __future__ import annotations

from pathlib import Path

from catalog.ingest.ern.deals import read_deals, take_deals_of_tracks
from catalog.ingest.ern.lists import NAMESPACE, Message, open_message
from catalog.ingest.ern.parties import Parties
from catalog.ingest.ern.releases import identify, is_main, list_references, read_release
from catalog.ingest.ern.resources import read_covers, read_recordings
from catalog.ingest.ern.updates import read_update
from catalog.ingest.faults import Faults
from catalog.ingest.rows import Sheets, TakedownRow
from catalog.ingest.xml_files import Root, XmlRefused
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

VERSIONS = {"43": "4.3", "432": "4.3.2", "431": "4.3.1", "42": "4.2", "382": "3.8.2"}


def is_ours(root: Root) -> bool:
    """Tell whether a file that begins so is an ERN message, of whatever version."""
    return root.namespace.startswith(NAMESPACE)


def read_message(path: Path, begins: Root, *, folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Add what a message says to the sheets; every fault is collected with its line and XPath."""
    name = path.relative_to(folder).as_posix()
    try:
        message = open_message(path, begins, name=name, spool=sheets.spool, faults=faults)
        _read(message, begins, folder, sheets)
    except XmlRefused as refused:
        faults.add(name, refused.line, "", code=refused.code, message=refused.words)


def _read(message: Message, begins: Root, folder: Path, sheets: Sheets) -> None:
    root = message.root
    version = begins.namespace.removeprefix(NAMESPACE)
    if version not in VERSIONS:
        words = _("ERN %(version)s is not taken in: send 4.3, 4.2 or 3.8.2.") % {"version": version}
        root.fault("unknown_version", words)
    elif root.name == "NewReleaseMessage":
        base = root.file.rpartition("/")[0]
        _read_releases(message, folder, f"{base}/" if base else "", sheets)
    elif root.name == "UpdateReleaseMessage":
        for node in root.every("UpdateReleaseList/UpdateRelease"):
            update = read_update(node)
            sheets.updates[update.reference] = update
    elif root.name == "PurgeReleaseMessage":
        for purged in root.children("PurgedRelease"):
            _take_down(purged, sheets)
    else:
        root.fault("unknown_message", _("%(name)s is not taken in.") % {"name": root.name})


def _read_releases(message: Message, folder: Path, base: str, sheets: Sheets) -> None:
    """Read the lists of a message, each by itself, since releases refer to deals that stand after them."""
    references, mains = list_references(message)
    if not mains:
        message.root.fault("empty", _("The message has no release."))
    deals = read_deals(message, references)
    take_deals_of_tracks(deals, mains=mains)
    has_some = any(not deals[one].is_taken_down for one in mains)
    parties = Parties(message, sheets.parties)
    recordings = read_recordings(message, parties, folder, base) if has_some else {}
    covers = read_covers(message, folder, base) if has_some else {}
    for node in message.each("ReleaseList", "Release"):
        if not is_main(node):
            continue
        its_deals = deals[node.text("ReleaseReference")]
        if its_deals.is_taken_down:
            _take_down(node, sheets)
            continue
        read = read_release(node, recordings=recordings, covers=covers, parties=parties, deals=its_deals)
        if read is None:
            continue
        row, resources = read
        if not sheets.releases.put_new(row.reference, row):
            node.fault("duplicate", _("Another message of this folder has this release."))
            continue
        for one in resources:
            sheets.resources[one.reference] = one


def _take_down(release: Node, sheets: Sheets) -> None:
    reference = identify(release)
    sheets.takedowns[reference] = TakedownRow(file=release.file, line=release.line, reference=reference)
