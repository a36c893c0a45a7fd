"""The release that a message is about, with its resources in their order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from stdnum import ean
from stdnum import grid as grids

from catalog.ingest.ern.deals import Deals
from catalog.ingest.ern.lists import Message
from catalog.ingest.ern.parties import Parties
from catalog.ingest.ern.resources import TITLES, Recording, Recordings, read_line
from catalog.ingest.rows import ReleaseRow, ResourceRow
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

KINDS: Mapping[str, Mapping[str, str]] = {
    "music": {"Single": "single", "VideoSingle": "single", "AudioBookRelease": "audiobook"},
    "video": {"Series": "series", "EpisodicRelease": "series", "SeriesRelease": "series"},
}
USUAL = {"music": "album", "video": "film"}


def list_references(message: Message) -> tuple[list[str], set[str]]:
    """Return the references of every release, tracks too, since a deal may speak of each; and those of main ones."""
    every, mains = [], set()
    for release in message.each("ReleaseList", "Release", "TrackRelease"):
        reference = release.text("ReleaseReference")
        every.append(reference)
        if is_main(release):
            mains.add(reference)
    return every, mains


def is_main(release: Node) -> bool:
    """Tell whether a release is no mere track."""
    return (
        release.name == "Release"
        and release.text("ReleaseType") != "TrackRelease"
        and release.element.get("IsMainRelease") != "false"
    )


def identify(release: Node) -> str:
    """Return what a release is known by from one message to the next: its ICPN, else its GRid, else the sender's id."""
    icpn, grid = release.first("ReleaseId/ICPN"), release.first("ReleaseId/GRid")
    if icpn is not None:
        bad = _("The check digit of this EAN or ISBN is wrong.")
        return icpn.number(ean.validate, code="bad_ean", message=bad) or icpn.value[:14]
    if grid is not None:
        bad = _("This is no valid GRid: its check character is wrong.")
        return grid.number(grids.validate, code="bad_grid", message=bad) or grid.value[:100]
    own = release.text("ReleaseId/ProprietaryId", "ReleaseId/CatalogNumber", limit=100)
    if not own:
        release.fault(
            "missing", _("The release has neither ICPN nor GRid nor an identifier of the sender's.")
        )
    return own


def read_release(
    release: Node,
    *,
    recordings: Recordings,
    covers: Mapping[str, str],
    parties: Parties,
    deals: Deals,
) -> tuple[ReleaseRow, list[ResourceRow]] | None:
    """Return a release with its resources, or None when it can't be put together (the faults say why)."""
    details = release.by_territory("ReleaseDetailsByTerritory")
    reference = identify(release)
    tracks, cover = _contents(release, details, recordings, covers)
    if not tracks:
        release.fault("empty", _("The release has no recording and no video."))
        return None
    media = {one.medium for one in tracks}
    medium = "video" if media == {"video"} else "music"
    if len(media) > 1:
        release.fault("mixed_media", _("Sound recordings and videos in one release: deliver them as two."))
    title = release.text(*TITLES) or details.text(*TITLES)
    if not title:
        release.fault("missing", _("This release has no title."))
    if not deals.windows:
        release.fault("no_deal", _("No deal of the message lets subscribers stream this release."))
    artists = parties.credits(*({id(one.element): one for one in (release, details)}.values()))
    row = ReleaseRow(
        file=release.file,
        line=release.line,
        reference=reference,
        title=title,
        subtitle=release.text("DisplayTitle/SubTitle", "ReferenceTitle/SubTitle"),
        medium=medium,
        kind=KINDS[medium].get(release.text("ReleaseType"), USUAL[medium]),
        released_on=_released_on(release, details),
        ean=reference if reference.isdigit() and release.first("ReleaseId/ICPN") else "",
        label=parties.label(details),
        languages=tuple(dict.fromkeys(one.language for one in tracks if one.language)),
        subjects=_genres(release, details),
        p_line=read_line(("P",), release, details) or next((one.p_line for one in tracks if one.p_line), ""),
        c_line=read_line(("C",), release, details),
        is_explicit="Explicit" in {release.text("ParentalWarningType"), details.text("ParentalWarningType")}
        or any(one.is_explicit for one in tracks),
        cover_file=cover,
        windows=tuple(deals.windows),
    )
    resources = [
        ResourceRow(
            said_in=release.file,
            line=one.line,
            release_reference=reference,
            reference=f"{reference}/{one.isrc or one.reference}"[:100],
            position=place,
            title=one.title,
            isrc=one.isrc,
            duration_s=one.duration_s,
            file=one.file,
            credits=tuple(dict.fromkeys([*artists, *one.credits])),
        )
        for place, one in enumerate(tracks, start=1)
    ]
    return row, resources


def _genres(release: Node, details: Node) -> tuple[str, ...]:
    """Return the genres and their finer ones, each once: of the release, else of its details by territory."""
    found = [
        one.value[:80]
        for holder in (release, details)
        for genre in holder.children("Genre")
        for one in genre.children("GenreText", "SubGenre")
        if one.value
    ]
    return tuple(dict.fromkeys(found))


def _released_on(release: Node, details: Node) -> date | None:
    paths = ("OriginalReleaseDate", "ReleaseDate", "GlobalOriginalReleaseDate", "GlobalReleaseDate")
    return release.day(*paths) or (details.day(*paths) if details is not release else None)


def _contents(
    release: Node, details: Node, recordings: Recordings, covers: Mapping[str, str]
) -> tuple[list[Recording], str]:
    """Return the release's recordings in order and its cover's file; dangling references are faults."""
    references: dict[str, Node] = {}
    for holder in (release, details):
        for group in holder.children("ResourceGroup"):
            _walk(group, references)
    for node in release.every("ReleaseResourceReferenceList/ReleaseResourceReference"):
        references.setdefault(node.value, node)
    for node in release.every("LinkedReleaseResourceReference"):
        references.setdefault(node.value, node)
    for reference, node in references.items():
        if reference not in recordings and reference not in covers:
            message = _("No resource of the message has the reference %(reference)s.")
            node.fault("dangling_reference", message % {"reference": reference})
    tracks = [recordings[one] for one in references if one in recordings]
    cover = next((covers[one] for one in references if one in covers), "")
    return tracks, cover or next(iter(covers.values()), "")


def _walk(group: Node, found: dict[str, Node]) -> None:
    """Note a group's references in its order; a group in a group (a disc) comes in its place."""

    def place(node: Node) -> int:
        number = node.text("SequenceNumber")
        return int(number) if number.isdigit() else 0

    for part in sorted(group.children("ResourceGroup", "ResourceGroupContentItem"), key=place):
        if part.name == "ResourceGroup":
            _walk(part, found)
        else:
            for node in part.children("ReleaseResourceReference"):
                found.setdefault(node.value, node)
