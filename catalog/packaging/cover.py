"""Covers: any JPEG, PNG or WebP picture into four WebP sizes."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.objectstore import ObjectStore
from mediaplatform.infrastructure.said import say as _

SIZES = (160, 320, 640, 960)  # the longer side in pixels; a smaller original is never enlarged
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MAX_BYTES = 30_000_000
MAX_PIXELS = 60_000_000
MIN_SIDE = 120
QUALITY = 82


def read_picture(data: bytes) -> Image.Image:
    """Decode a picture upright and without transparency.

    Raises:
        PackageFault: `cover_not_readable`, `cover_too_large` or `cover_too_small`.
    """
    if len(data) > MAX_BYTES:
        raise PackageFault("cover_too_large", _("The cover is larger than 30 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below it
            picture = Image.open(io.BytesIO(data), formats=tuple(FORMATS))
            if picture.width * picture.height > MAX_PIXELS:
                raise PackageFault("cover_too_large", _("The cover has more than 60 million pixels."))
            if min(picture.size) < MIN_SIDE:
                raise PackageFault("cover_too_small", _("The cover is smaller than 120 pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        message = _("The cover is no JPEG, PNG or WebP picture that can be read.")
        raise PackageFault("cover_not_readable", message) from error
    paper = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(paper, upright).convert("RGB")


def content_type_of(data: bytes) -> str:
    """Return the type of a picture that `read_picture` accepted."""
    return FORMATS[Image.open(io.BytesIO(data), formats=tuple(FORMATS)).format or "JPEG"]


def cover_key(sha256: str, size: int) -> str:
    """Return where one size of a cover is stored."""
    return f"covers/{sha256}/{size}.webp"


def make_sizes(picture: Image.Image) -> dict[int, bytes]:
    """Return the picture in each size as WebP."""
    made = {}
    for size in SIZES:
        smaller = picture.copy()
        smaller.thumbnail((size, size), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "WEBP", quality=QUALITY, method=4)
        made[size] = out.getvalue()
    return made


def store_cover(store: ObjectStore, *, data: bytes, sha256: str) -> None:
    """Store a cover's sizes under the original's digest, unless they are there. Raises: PackageFault."""
    if store.exists(key=cover_key(sha256, SIZES[-1])):
        return
    for size, webp in make_sizes(read_picture(data)).items():  # the largest last: it says that all are there
        store.put_bytes(key=cover_key(sha256, size), data=webp, content_type="image/webp")
