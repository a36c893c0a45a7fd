"""Types by the end of the name, for what packages may hold. Nothing else is ever served."""

from __future__ import annotations

from pathlib import PurePosixPath

STREAM = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt",
}
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}
FONTS = {".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf"}
SOUNDS = {
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".webm": "video/webm",
}
PAGES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".css": "text/css",
    ".json": "application/json",
    ".txt": "text/plain",
}
BOOK = (
    PICTURES
    | FONTS
    | SOUNDS
    | PAGES
    | STREAM
    | {
        ".xhtml": "application/xhtml+xml",
        ".xml": "application/xml",
        ".ncx": "application/x-dtbncx+xml",
        ".smil": "application/smil+xml",
    }
)
GAME = PICTURES | FONTS | SOUNDS | PAGES | STREAM | {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".map": "application/json",
    ".wasm": "application/wasm",
    ".data": "application/octet-stream",
    ".bin": "application/octet-stream",
    ".pck": "application/octet-stream",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".atlas": "text/plain",
    ".fnt": "text/plain",
    ".csv": "text/csv",
    ".tmx": "application/xml",
    ".xml": "application/xml",
    ".md": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".scss": "text/plain",
}  # fmt: skip
ALL = BOOK | GAME | {".pdf": "application/pdf"}


def type_of(name: str) -> str:
    """Return the type of a package's file; bytes of no type for anything unknown."""
    return ALL.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
