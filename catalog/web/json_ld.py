"""What a work is, in schema.org's terms, for browsers and readers that understand JSON-LD."""

from __future__ import annotations

import json

from django.utils.safestring import SafeString, mark_safe

from catalog.works.cards import ReleasePage

TYPES = {"music": "MusicAlbum", "video": "Movie", "book": "Book", "game": "VideoGame"}
# As in django.utils.html.json_script: nothing in a title can end the block.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def describe_release(page: ReleasePage) -> SafeString:
    """Return a `<script type="application/ld+json">` data block: nothing in it is executed."""
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": TYPES[page.card.medium],
        "name": page.card.title,
        "creator": [{"@type": "Person", "name": credit.name} for credit in page.credits],
        "isAccessibleForFree": True,
    }
    if page.subjects:
        described["about" if page.card.medium == "book" else "genre"] = list(page.subjects)
    if page.label:
        described["publisher"] = {"@type": "Organization", "name": page.label}
    if page.min_age is not None:
        described["typicalAgeRange"] = f"{page.min_age}-"
    if page.released_on:
        described["datePublished"] = page.released_on.isoformat()
    if page.description:
        described["description"] = page.description
    if page.card.medium == "music":
        described["track"] = [
            {"@type": "MusicRecording", "name": track.title, "position": track.position}
            for track in page.tracks
        ]
    block = json.dumps(described, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{block}</script>')  # noqa: S308 - escaped above
