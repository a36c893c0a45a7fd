"""What an EPUB says of itself: who, what, and for whom it can be read (schema.org's accessibility terms)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from catalog.packaging.epub_names import NS

ACCESSIBILITY = {  # of schema.org, as EPUB Accessibility 1.1 asks for them
    "accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard", "accessibilitySummary",
    "certifiedBy",
}  # fmt: skip
LONGEST = 2_000


def read_metadata(opf: etree._Element) -> dict[str, Any]:
    """Return the manifest's metadata without what is counted."""
    spine = opf.find("o:spine", NS)
    direction = spine.get("page-progression-direction", "") if spine is not None else ""
    return {
        "title": next(iter(_texts(opf, "title")), ""),
        "author": _texts(opf, "creator"),
        "contributor": _texts(opf, "contributor"),
        "publisher": _texts(opf, "publisher"),
        "language": _texts(opf, "language"),
        "identifier": next(iter(_texts(opf, "identifier")), ""),
        "published": next(iter(_texts(opf, "date")), ""),
        "subject": _texts(opf, "subject"),
        "description": next(iter(_texts(opf, "description")), ""),
        "readingProgression": direction if direction in {"ltr", "rtl"} else "",
        "accessibility": read_accessibility(opf),
    }


def read_accessibility(opf: etree._Element) -> dict[str, list[str]]:
    """Return the terms that the book declares, by property: EPUB 3 `property`, EPUB 2 `name` and `content`."""
    found: dict[str, list[str]] = {}
    for meta in opf.iterfind("o:metadata/o:meta", NS):
        name = meta.get("property") or meta.get("name") or ""
        prefix, _colon, term = name.partition(":")
        value = " ".join((meta.get("content") or meta.text or "").split())[:LONGEST]
        if prefix in {"schema", "a11y"} and term in ACCESSIBILITY and value:
            values = found.setdefault(term, [])
            if value not in values:
                values.append(value)
    links = (
        link.get("href", "") for link in opf.iterfind("o:metadata/o:link[@rel='dcterms:conformsTo']", NS)
    )
    declared = (
        "".join(meta.itertext()).strip()
        for meta in opf.iterfind("o:metadata/o:meta[@property='dcterms:conformsTo']", NS)
    )
    if conforms := [one[:LONGEST] for one in (*links, *declared) if one]:
        found["conformsTo"] = list(dict.fromkeys(conforms))
    return found


def _texts(opf: etree._Element, name: str) -> list[str]:
    found = (" ".join("".join(one.itertext()).split()) for one in opf.iterfind(f"o:metadata/dc:{name}", NS))
    return [text for text in found if text]
