"""Books don't run programs: finds whatever in a document would."""

from __future__ import annotations

import re

from lxml import etree

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

ACTIVE = frozenset(
    {"script", "iframe", "frame", "object", "embed", "applet", "portal", "handler", "listener"}
)
HARMLESS_SCRIPTS = frozenset({"application/ld+json", "text/plain"})
ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "background", "from", "to", "values"}
)
DANGEROUS_SCHEMES = re.compile(r"^(javascript|vbscript|data:text/html|data:image/svg)", re.IGNORECASE)
BLANKS = re.compile(r"[\x00-\x20]+")


def parse_document(data: bytes, *, name: str) -> etree._Element:
    """Parse XML from outside without entities, network or depth.

    Raises:
        PackageFault: `bad_document`, or `entity_in_book` when it declares entities of its own.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_pis=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PackageFault(
            "bad_document", _("A document of the book is no valid XML."), detail=f"{name}: {error}"
        ) from error
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _entity in internal.iterentities()):
        raise PackageFault(
            "entity_in_book", _("A document of the book declares entities of its own."), detail=name
        )
    return root


def check_document(root: etree._Element, *, name: str) -> None:
    """Refuse a document that would run anything when it is opened. Raises: PackageFault `script_in_book`."""
    for element in root.iter():
        if isinstance(element, etree._ProcessingInstruction):  # noqa: SLF001 - lxml names no public type
            if element.target not in {"xml-stylesheet", "xml-model"}:
                _refuse(name, f"<?{element.target}?>")
        elif isinstance(element.tag, str):
            _check_element(element, name)


def _check_element(element: etree._Element, name: str) -> None:
    tag = etree.QName(element).localname.lower()
    if tag in ACTIVE and not (tag == "script" and element.get("type", "").lower() in HARMLESS_SCRIPTS):
        _refuse(name, f"<{tag}>")
    if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        _refuse(name, "<meta http-equiv=refresh>")
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        if local.startswith("on") or local == "srcdoc":
            _refuse(name, f"<{tag} {local}>")
        if local in ADDRESSES and DANGEROUS_SCHEMES.match(BLANKS.sub("", str(value))):
            _refuse(name, f"<{tag} {local}>")


def _refuse(name: str, what: str) -> None:
    message = _("The book holds a program, and books may not: deliver it as a game, or take the script out.")
    raise PackageFault("script_in_book", message, detail=f"{name}: {what}")
