"""The Readium Web Publication Manifest, as books of every kind bear it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

MANIFEST = "manifest.json"
TYPE = "http://schema.org/Book"
CONTEXT = "https://readium.org/webpub-manifest/context.jsonld"
PROFILES = {
    "epub": "https://readium.org/webpub-manifest/profiles/epub",
    "pdf": "https://readium.org/webpub-manifest/profiles/pdf",
    "divina": "https://readium.org/webpub-manifest/profiles/divina",
}

Link = Mapping[str, Any]


def write_manifest(
    *,
    profile: str,
    metadata: Mapping[str, Any],
    reading_order: Sequence[Link],
    resources: Sequence[Link] = (),
    toc: Sequence[Link] = (),
    page_list: Sequence[Link] = (),
) -> str:
    """Return a manifest; metadata without a value are left out, the title is always there."""
    said = {name: value for name, value in metadata.items() if value or value == 0}
    manifest: dict[str, Any] = {
        "@context": CONTEXT,
        "metadata": {"@type": TYPE, "conformsTo": PROFILES[profile], "title": "", **said},
        "links": [{"rel": "self", "href": MANIFEST, "type": "application/webpub+json"}],
        "readingOrder": list(reading_order),
        "resources": list(resources),
        "toc": list(toc),
        **({"pageList": list(page_list)} if page_list else {}),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1)
