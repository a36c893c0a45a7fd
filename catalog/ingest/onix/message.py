"""Finds the messages of a folder and reads their products one at a time, however large a message is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from catalog.ingest.faults import Faults
from catalog.ingest.onix.codes import COMPOSITES, SHORT_TAGS
from catalog.ingest.onix.products import read_product
from catalog.ingest.rows import Sheets
from catalog.ingest.xml_files import Root, XmlRefused, iterate_members
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

ROOTS = frozenset({"ONIXMessage", "ONIXmessage"})
VERSIONS = ("3.0", "3.1")


def is_ours(root: Root) -> bool:
    """Tell whether a file that begins so is an ONIX message, of whatever release."""
    return root.name in ROOTS


def read_message(path: Path, root: Root, *, folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Add what a message says to the sheets; every fault is collected with its line and XPath."""
    name = path.relative_to(folder).as_posix()
    release = root.attributes.get("release", "")
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
        faults.add(name, refused.line, "", code=refused.code, message=refused.words)
        return
    if is_empty:
        faults.add(name, 1, "/ONIXMessage", code="empty", message=_("The message has no product."))


def _products(path: Path, name: str, faults: Faults) -> Iterator[Node]:
    """Yield the products with reference names, whatever the message uses; each is emptied after its turn."""
    for member in iterate_members(path, names=("Product", "product")):
        for one in member.element.iter(etree.Element):
            local = etree.QName(one).localname
            one.tag = SHORT_TAGS.get(local) or COMPOSITES.get(local, local)
        yield Node(member.element, name, faults, member)
