"""Books don't run programs: finds whatever in a document would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
MOST_NAMED = 20  # places of one book
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


def find_programs(root: etree._Element, *, name: str) -> list[str]:
    """Return whatever in a document would run when it is opened, each at its place: `one.xhtml:12: <script>`."""
    found: list[str] = []
    for element in root.iter():
        if isinstance(element, etree._ProcessingInstruction):  # noqa: SLF001 - lxml names no public type
            running = [] if element.target in {"xml-stylesheet", "xml-model"} else [f"<?{element.target}?>"]
        else:
            running = list(_running_parts(element)) if isinstance(element.tag, str) else []
        found += [f"{name}:{element.sourceline or 1}: {what}" for what in running]
        if len(found) >= MOST_NAMED:
            break
    return found


def refuse_programs(found: Sequence[str]) -> None:
    """Refuse a book in which there are some. Raises: PackageFault `script_in_book`, with each place."""
    if found:
        message = _(
            "The book holds a program, and books may not: deliver it as a game, or take the script out."
        )
        raise PackageFault("script_in_book", message, detail="\n".join(found[:MOST_NAMED]))


def _running_parts(element: etree._Element) -> Iterator[str]:
    tag = etree.QName(element).localname.lower()
    if tag in ACTIVE and not (tag == "script" and element.get("type", "").lower() in HARMLESS_SCRIPTS):
        yield f"<{tag}>"
    if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        yield "<meta http-equiv=refresh>"
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        is_handler = local.startswith("on") or local == "srcdoc"
        if is_handler or (local in ADDRESSES and DANGEROUS_SCHEMES.match(BLANKS.sub("", str(value)))):
            yield f"<{tag} {local}>"
