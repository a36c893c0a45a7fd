"""The members of a message's lists: of a small message in memory, of a large one read again for each list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from catalog.ingest.faults import Faults
from catalog.ingest.spool import Rows, Spool
from catalog.ingest.xml_files import Root, check_size, iterate_members, parse_xml
from catalog.ingest.xml_node import Node

V = TypeVar("V")
LARGE_BYTES = 2_000_000
NAMESPACE = "http://ddex.net/xml/ern/"
MEMBERS = (  # whatever is numerous in a message is removed once it was read
    *("Party", "SoundRecording", "Video", "Image", "Text", "SheetMusic", "Software", "CueSheet", "Chapter"),
    *("Release", "TrackRelease", "ReleaseDeal", "Collection", "MusicalWork", "Work"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message and where what is read of it is kept; of a large one, `root` is no more than its name."""

    path: Path
    root: Node
    spool: Spool
    is_large: bool

    def each(self, of: str, *names: str) -> Iterator[Node]:
        """Yield the members of these names of a list, in order; with faults at their places."""
        if not self.is_large:
            for group in self.root.every(of):
                yield from group.children(*names)
            return
        for member in iterate_members(self.path, names=MEMBERS, level=2):
            parent = member.element.getparent()
            if parent is not None and (_local(parent), _local(member.element)) in {
                (of, one) for one in names
            }:
                yield Node(member.element, self.root.file, self.root.faults, member)

    def table(self) -> dict[str, Any] | Rows[Any]:
        """Return what keeps that many facts: on disk for a large message."""
        return Rows(self.spool) if self.is_large else {}


def open_message(path: Path, begins: Root, *, name: str, spool: Spool, faults: Faults) -> Message:
    """Open a message. Raises: XmlRefused, for a large one also when it is read."""
    check_size(path)
    is_large = path.stat().st_size > LARGE_BYTES and begins.name == "NewReleaseMessage"
    root = etree.Element(begins.name) if is_large else parse_xml(path)
    return Message(path, Node(root, name, faults), spool, is_large)


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
