"""Sound recordings, videos and covers of a message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from stdnum import isrc

from catalog.ingest import originals
from catalog.ingest.ern.lists import Message
from catalog.ingest.ern.parties import Credits, Parties
from catalog.ingest.originals import PathRefused
from catalog.ingest.spool import Rows, kept
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

MEDIA: Mapping[str, str] = {"SoundRecording": "music", "Video": "video"}
IDS = (
    "ResourceId",
    "SoundRecordingId",
    "VideoId",
    "SoundRecordingEdition/ResourceId",
    "VideoEdition/ResourceId",
)
TITLES = ("DisplayTitle/TitleText", "DisplayTitleText", "ReferenceTitle/TitleText", "Title/TitleText")
HASHES = {
    "MD5": "md5",
    "SHA1": "sha1",
    "SHA-1": "sha1",
    "SHA256": "sha256",
    "SHA-256": "sha256",
    "SHA512": "sha512",
}


@kept
@dataclass(frozen=True, slots=True)
class Recording:
    """A sound recording or video as the message says it."""

    line: int
    reference: str
    medium: str
    title: str
    isrc: str
    duration_s: int | None
    file: str
    credits: Credits
    is_explicit: bool
    language: str
    p_line: str


Recordings: TypeAlias = dict[str, Recording] | Rows[Recording]


def read_recordings(message: Message, parties: Parties, folder: Path, base: str) -> Recordings:
    """Return recordings and videos by resource reference. `base` is the message's own folder inside `folder`."""
    found: Recordings = message.table()
    for resource in message.each("ResourceList", *MEDIA):
        recording = _read(resource, parties, folder, base)
        found[recording.reference] = recording
    return found


def read_covers(message: Message, folder: Path, base: str) -> dict[str, str]:
    """Return the files of front covers by resource reference."""
    covers = {}
    for image in message.each("ResourceList", "Image"):
        if image.text("Type", "ImageType") == "FrontCoverImage":
            details = image.by_territory("ImageDetailsByTerritory")
            if _files(image, details):
                covers[image.text("ResourceReference")] = _file(image, details, folder, base)
            else:  # the release's references to it are right all the same
                covers[image.text("ResourceReference")] = ""
    return covers


def _read(resource: Node, parties: Parties, folder: Path, base: str) -> Recording:
    details = resource.by_territory(f"{resource.name}DetailsByTerritory")
    node = resource.first(*(f"{path}/ISRC" for path in IDS))
    bad = _("This is no valid ISRC: it has 12 signs, such as FRZ112600001.")
    number = node.number(isrc.validate, code="bad_isrc", message=bad) if node else ""
    title = resource.text(*TITLES) or details.text(*TITLES)
    if not title:
        resource.fault("missing", _("This resource has no title."))
    return Recording(
        line=resource.line,
        reference=resource.text("ResourceReference"),
        medium=MEDIA[resource.name],
        title=title,
        isrc=number,
        duration_s=resource.seconds("Duration"),
        file=_file(resource, details, folder, base),
        credits=parties.credits(*({id(one.element): one for one in (resource, details)}.values())),
        is_explicit="Explicit" in {resource.text("ParentalWarningType"), details.text("ParentalWarningType")},
        p_line=read_line(
            ("P",), resource, *resource.children("SoundRecordingEdition", "VideoEdition"), details
        ),
        language=resource.text("LanguageOfPerformance")[:8].lower(),
    )


def read_line(kinds: tuple[str, ...], *holders: Node) -> str:
    """Return the first PLine or CLine, with its year in front where the text has none: 2026 Rive Gauche."""
    for holder in holders:
        for kind in kinds:
            for line in holder.children(f"{kind}Line"):
                words, year = line.text(f"{kind}LineText"), line.text("Year", limit=4)
                words = words.removeprefix(f"({kind})").removeprefix("\u2117").removeprefix("\u00a9").strip()
                if words:
                    return words if not year or year in words else f"{year} {words}"
    return ""


def _file(resource: Node, details: Node, folder: Path, base: str) -> str:
    """Return the path of a resource's file inside the folder; a wrong checksum and a missing file are faults."""
    files = _files(resource, details)
    if not files:
        resource.fault("file_missing", _("No file is named for this resource."))
        return ""
    file = files[0]
    name = file.text("URI", limit=255) or "/".join(
        part.strip("/") for part in (file.text("FilePath"), file.text("FileName")) if part.strip("/")
    )
    path = f"{base}{name}"
    try:
        found = originals.find_file(folder, path)
    except PathRefused as refused:
        file.fault(refused.code, refused.words)
        return ""
    check_hash(file, found)
    return path


def _files(resource: Node, details: Node) -> list[Node]:
    kinds = (
        "TechnicalDetails",
        "TechnicalSoundRecordingDetails",
        "TechnicalVideoDetails",
        "TechnicalImageDetails",
    )
    holders = [resource, *resource.children("SoundRecordingEdition", "VideoEdition"), details]
    return [
        file
        for holder in holders
        for technical in holder.children(*kinds)
        for file in (*technical.children("File"), *technical.every("DeliveryFile/File"))
    ]


def check_hash(file: Node, found: Path) -> None:
    """Note a fault if a file is not what its element's checksum says; an unknown algorithm is passed over."""
    for said in file.children("HashSum"):
        algorithm = HASHES.get(said.text("Algorithm", "HashSumAlgorithmType").upper())
        wanted = said.text("HashSumValue", "HashSum").lower()
        if algorithm is None or not wanted:
            continue
        with found.open("rb") as content:
            digest = hashlib.file_digest(content, algorithm).hexdigest()
        if digest != wanted:
            said.fault(
                "wrong_checksum", _("The file's checksum is another: it was changed or broken on its way.")
            )
