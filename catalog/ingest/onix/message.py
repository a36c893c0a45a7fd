"""Finds the messages of a folder and reads their products one at a time, however large a message is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree

from catalog.ingest.faults import Faults
from catalog.ingest.onix.codes import COMPOSITES, SHORT_TAGS
from catalog.ingest.onix.products import read_product
from catalog.ingest.rows import Sheets
from catalog.ingest.xml_files import XmlRefused, iterate_children, read_root
from catalog.ingest.xml_node import Node

ROOTS = frozenset({"ONIXMessage", "ONIXmessage"})
VERSIONS = ("3.0", "3.1")
MOST_MESSAGES = 2_000


def find_messages(folder: Path) -> list[Path]:
    """Return the ONIX messages of a folder, at its top or one folder below, in the order of their paths."""
    candidates = [*sorted(folder.glob("*.xml")), *sorted(folder.glob("*/*.xml"))][:MOST_MESSAGES]
    candidates = [path for path in candidates if path.is_file() and not path.is_symlink()]
    return [path for path in candidates if (root := read_root(path)) is not None and root.name in ROOTS]


def read_message(path: Path, *, folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Add what a message says to the sheets; every fault is collected with its line and XPath."""
    name = path.relative_to(folder).as_posix()
    root = read_root(path)
    release = root.attributes.get("release", "") if root else ""
    if release not in VERSIONS:
        message = _("ONIX %(release)s is not taken in: send 3.0 or 3.1.") % {"release": release or "2.1"}
        faults.add(name, 1, "/ONIXMessage", code="unknown_version", message=message)
        return
    base = name.rpartition("/")[0]
    is_empty = True
    try:
        for product in _products(path, name, faults):
            read_product(product, folder=folder, base=f"{base}/" if base else "", sheets=sheets)
            is_empty = False
    except XmlRefused as refused:
        faults.add(name, refused.line, "", code=refused.code, message=str(refused))
        return
    if is_empty:
        faults.add(name, 1, "/ONIXMessage", code="empty", message=_("The message has no product."))


def _products(path: Path, name: str, faults: Faults) -> Iterator[Node]:
    """Yield the products with reference names, whatever the message uses; each is emptied after its turn."""
    for element in iterate_children(path, names=("Product", "product")):
        for one in element.iter(etree.Element):
            local = etree.QName(one).localname
            one.tag = SHORT_TAGS.get(local) or COMPOSITES.get(local, local)
        yield Node(element, name, faults)
