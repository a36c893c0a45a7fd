"""Finds the messages of a folder and reads each into rows."""

from __future__ import annotations

from pathlib import Path

from catalog.ingest.ern.deals import read_deals, take_deals_of_tracks
from catalog.ingest.ern.parties import Parties
from catalog.ingest.ern.releases import all_references, identify, main_releases, read_release
from catalog.ingest.ern.resources import read_covers, read_recordings
from catalog.ingest.ern.updates import read_update
from catalog.ingest.faults import Faults
from catalog.ingest.rows import Sheets, TakedownRow
from catalog.ingest.xml_files import Root, XmlRefused, parse_xml
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

NAMESPACE = "http://ddex.net/xml/ern/"
VERSIONS = {"43": "4.3", "432": "4.3.2", "431": "4.3.1", "42": "4.2", "382": "3.8.2"}


def is_ours(root: Root) -> bool:
    """Tell whether a file that begins so is an ERN message, of whatever version."""
    return root.namespace.startswith(NAMESPACE)


def read_message(path: Path, begins: Root, *, folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Add what a message says to the sheets; every fault is collected with its line and XPath."""
    name = path.relative_to(folder).as_posix()
    try:
        element = parse_xml(path)
    except XmlRefused as refused:
        faults.add(name, refused.line, "", code=refused.code, message=refused.words)
        return
    root = Node(element, name, faults)
    version = begins.namespace.removeprefix(NAMESPACE)
    if version not in VERSIONS:
        message = _("ERN %(version)s is not taken in: send 4.3, 4.2 or 3.8.2.") % {"version": version}
        root.fault("unknown_version", message)
    elif root.name == "NewReleaseMessage":
        base = name.rpartition("/")[0]
        _read_releases(root, folder, f"{base}/" if base else "", sheets)
    elif root.name == "UpdateReleaseMessage":
        for node in root.every("UpdateReleaseList/UpdateRelease"):
            update = read_update(node)
            sheets.updates[update.reference] = update
    elif root.name == "PurgeReleaseMessage":
        for purged in root.children("PurgedRelease"):
            _take_down(purged, sheets)
    else:
        root.fault("unknown_message", _("%(name)s is not taken in.") % {"name": root.name})


def _read_releases(root: Node, folder: Path, base: str, sheets: Sheets) -> None:
    parties = Parties(root)
    releases = main_releases(root)
    if not releases:
        root.fault("empty", _("The message has no release."))
    deals = read_deals(root, all_references(root))
    take_deals_of_tracks(deals, mains=releases)
    kept = {key: node for key, node in releases.items() if not deals[key].is_taken_down}
    for key in releases.keys() - kept.keys():
        _take_down(releases[key], sheets)
    if not kept:
        return
    recordings = read_recordings(root, parties, folder, base)
    covers = read_covers(root, folder, base)
    for key, node in kept.items():
        read = read_release(node, recordings=recordings, covers=covers, parties=parties, deals=deals[key])
        if read is None:
            continue
        row, resources = read
        if row.reference in sheets.releases:
            node.fault("duplicate", _("Another message of this folder has this release."))
            continue
        sheets.releases[row.reference] = row
        for one in resources:
            sheets.resources[one.reference] = one
    for name, party in parties.rows.items():
        sheets.parties.put_new(name, party)


def _take_down(release: Node, sheets: Sheets) -> None:
    reference = identify(release)
    sheets.takedowns[reference] = TakedownRow(file=release.file, line=release.line, reference=reference)
