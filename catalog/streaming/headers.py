"""The headers that keep what is served in its place. Pure."""

from __future__ import annotations

from functools import lru_cache

from catalog.packaging.content_types import type_of

PLAYLIST = ".m3u8"
KEPT_S = 600  # as long as a token lives: its address is not asked for again

STREAM_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
BOOK_POLICY = (
    "default-src 'none'; script-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
GAME_POLICY = (
    "default-src 'self' blob: data:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "object-src 'none'; form-action 'none'; base-uri 'self'; sandbox allow-scripts allow-pointer-lock; "
    "frame-ancestors {site_url}"
)


def headers_for(*, medium: str, path: str, site_url: str) -> dict[str, str]:
    """Return the headers of a package's file.

    Segments may be kept by the patron's own browser; playlists may not, they lead to a token's addresses. A
    game runs in an opaque origin, for which even its own files are another's: they may be read by anyone who
    knows the token, and so by no other page than the one that has it.
    """
    name = path.rpartition("/")[2]
    _stem, dot, ending = name.rpartition(".")
    return dict(_headers_of(medium, f"{dot}{ending}" if dot else "", site_url))


@lru_cache(maxsize=1_000)
def _headers_of(medium: str, ending: str, site_url: str) -> dict[str, str]:
    headers = {
        "Content-Type": type_of(f"file{ending}"),
        "Cache-Control": "no-store" if ending == PLAYLIST else f"private, max-age={KEPT_S}, immutable",
        "Accept-Ranges": "bytes",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if medium == "game":
        return headers | {
            "Content-Security-Policy": GAME_POLICY.format(site_url=site_url),
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",  # asks of its own files what they say anyway
            "Access-Control-Allow-Origin": "*",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }
    return headers | {
        "Content-Security-Policy": BOOK_POLICY if medium == "book" else STREAM_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN" if medium == "book" else "DENY",
    }
