"""Objects of the catalogue for tests: small media made on the spot, folders in the CSV template, published releases."""

from __future__ import annotations

import csv
import io
import itertools
import math
import struct
import wave
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image

from catalog.models import (
    Availability,
    Credit,
    MediaFile,
    Package,
    Party,
    Payee,
    Release,
    Resource,
    RightsShare,
    Territory,
)
from catalog.territories.official import plain_name
from catalog.works import search
from catalog.works.audience import Audience
from mediaplatform.infrastructure.ffmpeg import run_ffmpeg
from mediaplatform.kernel.territories import Place

COUNTER = itertools.count(1)
EPOCH = (2026, 1, 1, 0, 0, 0)
RIVER = Place(commune="42218", epci="244200770", departement="42", region="84", country="FR")


# Media


def write_wave(path: Path, *, seconds: float = 5.0, rate: int = 44_100, level: float = 0.3) -> Path:
    """Write a stereo sine of 440 Hz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = b"".join(
        struct.pack("<hh", *(2 * [int(level * 32_767 * math.sin(2 * math.pi * 440 * n / rate))]))
        for n in range(int(seconds * rate))
    )
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(frames)
    return path


def write_audio(path: Path, *, seconds: float = 5.0, options: Sequence[str] = ()) -> Path:
    """Write a recording in the format that the name ends with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f"aevalsrc=0.3*sin(440*2*PI*t)|0.2*sin(550*2*PI*t):s=44100:d={seconds}"
    run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", source, *options, path], timeout_s=300)
    return path


def write_film(path: Path, *, seconds: float = 6.0, size: str = "640x360") -> Path:
    """Write a short film with sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture, sound = f"testsrc2=s={size}:r=25:d={seconds}", f"sine=f=330:d={seconds}"
    options = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    run_ffmpeg(
        ["-v", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *options, path],
        timeout_s=300,
    )
    return path


def picture_bytes(*, size: tuple[int, int] = (800, 600), kind: str = "PNG") -> bytes:
    """Return a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#7a2e1d").save(out, kind)
    return out.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:1</dc:identifier>'
    "<dc:title>Le pont</dc:title><dc:creator>Ana Roux</dc:creator><dc:language>fr</dc:language>"
    '<meta property="schema:accessMode">textual</meta></metadata>'
    '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/></manifest>'
    '<spine><itemref idref="one"/></spine></package>'
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
    '<nav epub:type="toc"><ol><li><a href="one.xhtml#top">Un</a></li></ol></nav></body></html>'
)
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Un</title></head>'
    '<body><p id="top">Il pleut sur le pont.</p></body></html>'
)


def write_epub(path: Path, *, page: str = PAGE, extra: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a small EPUB 3; `extra` adds or replaces entries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": OPF,
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/one.xhtml": page,
        "OEBPS/cover.png": picture_bytes(),
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data)  # the same book has the same bytes
    return path


def write_pdf(path: Path, *, pages: int = 3, password: str = "") -> Path:
    """Write a PDF with an outline and a text on each page."""
    import typst
    from pypdf import PdfReader, PdfWriter

    body = "\n#pagebreak()\n".join(f"= Chapitre {n}\nLe pont numéro {n}." for n in range(1, pages + 1))
    source = (
        f'#set document(title: "Les ponts", author: "Ana Roux")\n#set page(width: 9cm, height: 12cm)\n{body}'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(typst.compile(source.encode(), format="pdf"))
    if password:
        writer = PdfWriter(PdfReader(path))
        writer.encrypt(password, algorithm="AES-256")
        writer.write(path)
    return path


def write_comic(
    path: Path,
    *,
    pages: Sequence[str] = ("p1.png", "p2.png", "p10.png"),
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a CBZ; each page has a shade of its own. `extra` adds or replaces entries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(pages):
            if name not in (extra or {}):
                out = io.BytesIO()
                kind = "JPEG" if name.endswith("jpg") else name.rpartition(".")[2].upper()
                Image.new("RGB", (400, 600), (40 * number % 255, 80, 120)).save(out, kind)
                archive.writestr(name, out.getvalue())
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


# Folders

DELIVERY_ROW = {
    "release_ref": "R1", "release_title": "Jardins", "medium": "music", "release_kind": "album",
    "release_date": "2026-01-15", "label": "Rive Gauche", "languages": "fr", "subjects": "folk|rivière",
    "explicit": "no", "is_youth": "no", "territories": "world", "available_from": "2026-01-15",
    "resource_ref": "R1-1", "position": "1", "resource_title": "Matin", "file": "one.wav",
    "credits": "Ana Roux:main_artist|Ana Roux:composer",
}  # fmt: skip
RIGHTS_ROW = {"resource_ref": "R1-1", "payee": "Roux Ana", "share_bp": "10000", "valid_from": "2026-01-15"}
PARTY_ROW = {
    "name": "Ana Roux",
    "kind": "person",
    "commune": "42095",
    "country": "FR",
    "biography": "Née à Firminy.",
}
PAYEE_ROW = {
    "legal_name": "Roux Ana",
    "kind": "person",
    "commune": "42095",
    "country": "FR",
    "email": "ana@example.org",
}

Row = Mapping[str, str]


def write_sheet(path: Path, rows: Sequence[Row], *, separator: str = ",", encoding: str = "utf-8") -> None:
    """Write rows as CSV; the columns are those of all the rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    sheet = csv.DictWriter(out, fieldnames=columns, delimiter=separator)
    sheet.writeheader()
    sheet.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


def write_folder(
    folder: Path,
    *,
    delivery: Sequence[Row] = (DELIVERY_ROW,),
    rights: Sequence[Row] = (RIGHTS_ROW,),
    parties: Sequence[Row] = (PARTY_ROW,),
    payees: Sequence[Row] = (PAYEE_ROW,),
    has_media: bool = True,
) -> Path:
    """Write a delivery; without other wishes it is one album of one track by Ana Roux of Firminy."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("delivery", delivery), ("rights", rights), ("parties", parties), ("payees", payees)):
        if rows:
            write_sheet(folder / f"{name}.csv", rows)
    if has_media:
        for row in delivery:
            if row["file"].endswith(".wav") and not (folder / row["file"]).exists():
                write_wave(folder / row["file"], seconds=2.0 + 0.1 * len(list(folder.glob("*.wav"))))
    return folder


# Rows


def make_geography() -> dict[str, Territory]:
    """Return a few real territories around Saint-Etienne, by code."""
    region = {"region_code": "84", "country_code": "FR"}
    loire = {"departement_code": "42", **region}
    rows = [
        ("country", "FR", "France", {"country_code": "FR"}),
        ("country", "BE", "Belgium", {"country_code": "BE"}),
        ("region", "84", "Auvergne-Rhône-Alpes", {"country_code": "FR"}),
        ("departement", "42", "Loire", region),
        ("epci", "244200770", "Saint-Étienne Métropole", loire),
        ("commune", "42218", "Saint-Étienne", {"epci_code": "244200770", **loire}),
        ("commune", "42095", "Firminy", {"epci_code": "244200770", **loire}),
        ("commune", "42187", "Roanne", {"epci_code": "200035731", **loire}),
        ("commune", "69123", "Lyon", {"epci_code": "200046977", "departement_code": "69", **region}),
        ("commune", "75056", "Paris", {"departement_code": "75", "region_code": "11", "country_code": "FR"}),
    ]
    found = {}
    for level, code, name, places in rows:
        fields = {"name": name, "search_name": plain_name(name), "vintage": 2026, **places}
        found[code], _is_new = Territory.objects.get_or_create(level=level, code=code, defaults=fields)
    return found


def make_party(name: str, *, home: Territory | None = None) -> Party:
    """Return the party of a name."""
    return Party.objects.get_or_create(name=name, defaults={"home": home})[0]


def make_payee(name: str, *, home: Territory | None = None, email: str = "") -> Payee:
    """Return the payee of a legal name."""
    return Payee.objects.get_or_create(legal_name=name, defaults={"home": home, "email": email})[0]


def make_release(
    title: str = "Jardins",
    *,
    artist: Party | None = None,
    payee: Payee | None = None,
    medium: str = "music",
    tracks: int = 1,
    **fields: object,
) -> Release:
    """Return a published release with ready packages, shares of 10,000 and an availability since January 2026."""
    number = next(COUNTER)
    release = Release.objects.create(
        **{
            "deliverer": "tests",
            "reference": f"R{number}",
            "title": title,
            "medium": medium,
            "kind": {"music": "album", "video": "film", "book": "book", "game": "game"}[medium],
            "status": Release.Status.PUBLISHED,
            "published_at": timezone.now(),
            "released_on": date(2026, 1, 15),
            **fields,
        }
    )
    Availability.objects.create(release=release, starts_on=date(2026, 1, 15))
    if artist is not None:
        Credit.objects.create(release=release, party=artist, role=Credit.Role.MAIN_ARTIST)
    for position in range(1, tracks + 1):
        make_resource(release, position=position, payee=payee)
    search.index_releases(release_ids=[release.pk])
    return release


def make_resource(
    release: Release, *, position: int = 1, payee: Payee | None = None, state: str = "ready"
) -> Resource:
    """Return a resource of a release with one package in that state."""
    digest = f"{next(COUNTER):064x}"
    original = MediaFile.objects.create(
        sha256=digest, size_bytes=1, content_type="audio/flac", filename="a.flac"
    )
    resource = Resource.objects.create(
        release=release,
        reference=f"{release.reference}-{position}",
        position=position,
        title=f"{release.title} {position}",
        medium=release.medium,
        duration_s=180 if release.medium in {"music", "video"} else None,
        original=original,
    )
    recipe = {"music": "hls-audio", "video": "hls-video", "book": "web-book", "game": "game-bundle"}[
        release.medium
    ]
    Package.objects.create(
        resource=resource,
        original=original,
        recipe=recipe,
        recipe_version=1,
        state=state,
        progress=100 if state == "ready" else 0,
        digest=digest if state == "ready" else "",
        heartbeat_at=timezone.now(),
    )
    if payee is not None:
        RightsShare.objects.create(
            resource=resource, payee=payee, share_bp=10_000, valid_from=date(2026, 1, 15)
        )
    return resource


def make_audience(**fields: object) -> Audience:
    """Return bob's: an adult at the library of Saint-Etienne, every medium included."""
    said: dict[str, Any] = {
        "library_id": 1,
        "library_name": "Médiathèque de Saint-Étienne",
        "library_slug": "saint-etienne",
        "patron_id": 1,
        "profile_id": 1,
        "place": RIVER,
        "own": frozenset({("commune", "42218")}),
        "country": "FR",
        "max_age": None,
        "media": frozenset({"music", "video", "book", "game"}),
        "is_youth": False,
        **fields,
    }
    return Audience(**said)
