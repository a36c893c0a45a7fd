"""Titles, subjects and descriptions of a product, as plain text."""

from __future__ import annotations

import re

import pycountry
from lxml import html
from lxml.etree import ParserError

from catalog.ingest.onix import codes
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

LINE_ENDS = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^>]*>", re.IGNORECASE)


def read_title(details: Node) -> tuple[str, str]:
    """Return title and subtitle: the distinctive title of the product itself."""
    for title in details.children("TitleDetail"):
        if title.text("TitleType") != codes.DISTINCTIVE_TITLE:
            continue
        for element in title.children("TitleElement"):
            if element.text("TitleElementLevel") != codes.WHOLE_PRODUCT:
                continue
            parts = (element.text("TitlePrefix"), element.text("TitleWithoutPrefix"))
            whole = element.text("TitleText") or _join(*parts)
            if whole:
                return whole[:300], element.text("Subtitle")
    details.fault("missing", _("This product has no title."))
    return "", ""


def _join(prefix: str, rest: str) -> str:
    """L' and étranger are one word, The and Stranger two."""
    return f"{prefix}{rest}" if prefix.endswith(("'", "\u2019")) else f"{prefix} {rest}".strip()


def read_subjects(details: Node) -> tuple[str, ...]:
    """Return subjects as words, keywords one by one; a code without a heading stands with its scheme's name."""
    found: dict[str, None] = {}
    for subject in details.children("Subject"):
        scheme = subject.text("SubjectSchemeIdentifier")
        heading, code = subject.text("SubjectHeadingText", limit=4_000), subject.text("SubjectCode")
        if scheme == codes.KEYWORDS:
            found |= dict.fromkeys(word.strip()[:80] for word in re.split(r"[;,]", heading) if word.strip())
        elif heading:
            found[heading[:80]] = None
        elif code and scheme in codes.SCHEMES:
            found[f"{codes.SCHEMES[scheme]} {code}"[:80]] = None
    return tuple(found)


def read_description(product: Node) -> str:
    """Return the description, the long one before the short one."""
    texts = {one.text("TextType"): one.first("Text") for one in product.every("CollateralDetail/TextContent")}
    found = (plain_text(texts.get(kind)) for kind in codes.DESCRIPTIONS)
    return next((text for text in found if text), "")[:20_000]


def short_language(code: str) -> str:
    """Return the two letters of ISO 639-1 for the three of 639-2, where a language has them: fre -> fr."""
    found = pycountry.languages.get(bibliographic=code) or pycountry.languages.get(alpha_3=code)
    return str(getattr(found, "alpha_2", code))


def plain_text(node: Node | None) -> str:
    """Return an element's text without markup, whether that is escaped or not; a line a paragraph."""
    if node is None:
        return ""
    inside = [node.element.text or ""]
    inside += [html.tostring(child, encoding="unicode") for child in node.element]
    marked = LINE_ENDS.sub("\n", "".join(inside))
    try:
        text = html.fragment_fromstring(marked, create_parent="div").text_content()
    except (ParserError, ValueError):
        return ""
    lines = (" ".join(line.split()) for line in str(text).splitlines())
    return "\n".join(line for line in lines if line)
