"""Parses XML from outside: no entity, no document type, no network, bounded in size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from catalog.errors import CatalogError
from mediaplatform.infrastructure.said import say as _

MAX_BYTES = 50_000_000
MOST_FILES = 2_000
HEAD = 4_096
UNFOLDING = ("amplification", "entity reference loop")  # of the parser, when it stops


class XmlRefused(CatalogError):
    """The file is no XML that is taken in; `line` says where, if it is known."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        self.code, self.line = code, line
        super().__init__(message)


def _refusal(error: etree.XMLSyntaxError) -> XmlRefused:
    """Say what a parser stumbled on; one that had to stop unfolding entities met a document type of its own."""
    if any(words in error.msg.lower() for words in UNFOLDING):
        return XmlRefused(
            "doctype_refused", _("A document type of its own is refused in a message."), error.lineno
        )
    message = _("This line can't be read: %(error)s") % {"error": error.msg}
    return XmlRefused("not_xml", message, error.lineno)


def check_size(path: Path) -> None:
    """Refuse what would take too long. Raises: XmlRefused."""
    if path.stat().st_size > MAX_BYTES:
        raise XmlRefused("too_large", _("This message is larger than 50 MB."))


def parse_xml(path: Path) -> etree._Element:
    """Return a file's root element.

    Raises:
        XmlRefused: not well formed, too large, or with a document type of its own.
    """
    check_size(path)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error
    _check_doctype(tree.getroot())
    return tree.getroot()


def _check_doctype(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("doctype_refused", _("A document type of its own is refused in a message."))


@dataclass(frozen=True, slots=True)
class Root:
    """A root element as it begins: local name, namespace and attributes."""

    name: str
    namespace: str
    attributes: dict[str, str]


def read_root(path: Path) -> Root | None:
    """Return how a file's root element begins, or None when it is no XML."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, load_dtd=False, no_network=True)
    try:
        with path.open("rb") as file:
            while data := file.read(HEAD):
                with suppress(etree.XMLSyntaxError):  # what came before the fault is there all the same
                    parser.feed(data)
                for _event, element in parser.read_events():
                    name = etree.QName(element)
                    return Root(name.localname, name.namespace or "", dict(element.attrib))
    except (etree.XMLSyntaxError, OSError, ValueError):  # ValueError: a prefix that means nothing
        return None
    return None


def find_roots(folder: Path) -> list[tuple[Path, Root]]:
    """Return the XML files of a folder, at its top or one folder below, with how each begins; links are left out."""
    candidates = [*sorted(folder.glob("*.xml")), *sorted(folder.glob("*/*.xml"))][:MOST_FILES]
    files = [path for path in candidates if path.is_file() and not path.is_symlink()]
    return [(path, root) for path in files if (root := read_root(path)) is not None]


@dataclass(frozen=True, slots=True)
class Member:
    """An element of a message that is read piece by piece; `before` counts those of its name that are gone."""

    element: etree._Element
    before: int


def iterate_members(path: Path, *, names: Collection[str], level: int = 1) -> Iterator[Member]:
    """Yield the elements of these local names so many levels below the root, and remove each after its turn.

    So a file may be much larger than the memory. An element is yielded once its next sibling, if any, has been read.

    Raises:
        XmlRefused: not well formed, or with a document type of its own, found wherever it is.
    """
    tags = [f"{{*}}{name}" for name in names]
    latest: Member | None = None
    counts: Counter[str] = Counter()
    try:
        with path.open("rb") as file:
            events = etree.iterparse(
                file, tag=tags, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
            )
            for _event, element in events:
                if sum(1 for _one in element.iterancestors()) != level:
                    continue
                _check_doctype(element)
                if latest is None or latest.element.getparent() is not element.getparent():
                    counts.clear()
                if latest is not None:
                    yield latest
                    _forget(latest.element)
                name = etree.QName(element).localname
                latest = Member(element, counts[name])
                counts[name] += 1
            _check_doctype(events.root)
            if latest is not None:
                yield latest
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error


def _forget(element: etree._Element) -> None:
    """Empty an element, and remove those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (elder := element.getprevious()) is not None:
        parent.remove(elder)
