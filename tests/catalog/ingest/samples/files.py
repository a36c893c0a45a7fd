"""Real samples as deliveries: messages with media made here, books, music, games, films, stories.

Messages come without their media. What they name is generated: sounds and films as long as the message says, pictures,
books. Checksums in a message are replaced by those of the generated files.
"""

from __future__ import annotations

import csv
import hashlib
import html
import shutil
import tarfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lxml import etree

from catalog.ingest.faults import Faults
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.ffmpeg import run_ffmpeg
from tests.factories.catalog import CONTAINER, OPF, picture_bytes, write_epub, write_sheet

MEDIA = {"SoundRecording": "sound", "Video": "film", "Image": "picture"}
HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA-1": "sha1", "SHA256": "sha256", "SHA-256": "sha256"}
USUAL_S = 60
PLAYED = frozenset(  # of a game; what its developers keep beside it stays behind
    (".html", ".css", ".js", ".png", ".jpg", ".svg", ".ico", ".gif", ".woff", ".ttf", ".mp3", ".ogg", ".wav")
)


@lru_cache
def media(kind: str, seconds: int, place: Path) -> Path:
    """Return a file of a kind and a length, made once."""
    path = place / f"{kind}-{seconds}"
    if kind == "picture":
        path.write_bytes(picture_bytes(kind="JPEG"))
    elif kind == "sound":
        tone = f"sine=f=330:r=8000:d={seconds}"
        run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", tone, "-f", "flac", path], timeout_s=300)
    else:
        picture, tone = f"color=c=teal:s=128x96:r=2:d={seconds}", f"sine=f=330:r=8000:d={seconds}"
        inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
        run_ffmpeg(["-v", "error", *inputs, "-preset", "ultrafast", "-f", "mp4", path], timeout_s=300)
    return path


def _name(file: Node) -> str:
    return file.text("URI") or "/".join(
        part.strip("/") for part in (file.text("FilePath"), file.text("FileName")) if part.strip("/")
    )


def prepare_ern(message: Path, folder: Path, place: Path) -> None:
    """Copy a message and make the files that it names, each as long as its resource."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        tree = etree.parse(str(message))
    except etree.XMLSyntaxError:  # a sample that is no XML: it is delivered as it is
        shutil.copyfile(message, folder / "message.xml")
        return
    root = Node(tree.getroot(), message.name, Faults())
    for resource in (one for group in root.every("ResourceList") for one in group.children(*MEDIA)):
        seconds = resource.seconds("Duration") or USUAL_S
        for element in resource.element.iter("{*}File"):
            file = Node(element, message.name, Faults())
            name = _name(file)
            if not name or ".." in name:
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copyfile(media(MEDIA[resource.name], seconds, place), target)
            _write_hashes(file, target)
    tree.write(str(folder / "message.xml"), encoding="utf-8", xml_declaration=True)


def _write_hashes(file: Node, made: Path) -> None:
    for said in file.children("HashSum"):
        algorithm = HASHES.get(said.text("Algorithm", "HashSumAlgorithmType").upper())
        value = said.first("HashSumValue", "HashSum")
        if algorithm and value is not None:
            value.element.text = hashlib.new(algorithm, made.read_bytes()).hexdigest()


def prepare_onix(message: Path, folder: Path, place: Path) -> None:
    """Copy a message and put a book and a sound beside it for each number that it bears."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(message, folder / "message.xml")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True)
    tree = etree.parse(str(message), parser)
    for element in tree.getroot().iter("{*}IDValue", "{*}b244"):
        number = "".join((element.text or "").split()).replace("-", "")
        if len(number) in {10, 13} and number.isalnum():
            write_epub(folder / f"{number}.epub")
            shutil.copyfile(media("sound", USUAL_S, place), folder / f"{number}.mp3")


def prepare_book(book: Path, folder: Path, _place: Path) -> None:
    """A book of its own, by an author."""
    _template(folder, book, medium="book", kind="book", credited="Sample Author:author", title=book.stem)


def prepare_music(track: Path, folder: Path, _place: Path) -> None:
    """A track as a single."""
    _template(
        folder, track, medium="music", kind="single", credited="Sample Artist:main_artist", title=track.stem
    )


def prepare_film(film: Path, folder: Path, _place: Path) -> None:
    """A short film."""
    _template(folder, film, medium="video", kind="film", credited="Sample Director:director", title=film.stem)


def prepare_game(packed: Path, folder: Path, _place: Path) -> None:
    """A game's folder, without what developers keep beside it."""
    inside = folder / "game"
    inside.mkdir(parents=True)
    with tarfile.open(packed) as archive:
        archive.extractall(inside, filter="data")
    starts = sorted(inside.rglob("index.html"), key=lambda path: len(path.parts))
    for file in [path for path in inside.rglob("*") if path.is_file() and path.suffix not in PLAYED]:
        file.unlink()
    _rows(
        folder, "game", kind="game", title=packed.name, file=starts[0].parent.relative_to(folder).as_posix(),
        credited="Sample Studio:developer", shares=[("Sample Studio", 10_000)],
    )  # fmt: skip


def prepare_story(text: Path, folder: Path, _place: Path) -> None:
    """A children's story as an EPUB, with the shares of its author, illustrator and translators."""
    data = text.parents[1]
    with (data / "index.csv").open(encoding="utf-8") as sheet:
        about = next(row for row in csv.DictReader(sheet) if row["id"] == text.name[:4])
    pages = [page.strip() for page in text.read_text("utf-8").split("\n##")[1:]]
    extra: dict[str, str | bytes] = {}
    items, spine, body = "", "", ""
    for number, page in enumerate(pages, 1):
        picture = data / "images" / about["id"] / f"{number:02}.jpg"
        shown = ""
        if picture.exists():
            extra[f"OEBPS/{number:02}.jpg"] = picture.read_bytes()
            items += f'<item id="i{number}" href="{number:02}.jpg" media-type="image/jpeg"/>'
            shown = f'<p><img src="{number:02}.jpg" alt="page {number}"/></p>'
        body = f"{shown}<p>{html.escape(page)}</p>"
        extra[f"OEBPS/p{number}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{number}</title></head><body>{body}</body></html>'
        )
        items += f'<item id="p{number}" href="p{number}.xhtml" media-type="application/xhtml+xml"/>'
        spine += f'<itemref idref="p{number}"/>'
    opf = OPF.replace("</manifest>", f"{items}</manifest>").replace('<itemref idref="one"/>', spine)
    folder.mkdir(parents=True, exist_ok=True)
    write_epub(
        folder / "story.epub", extra={"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf, **extra}
    )
    people = list(_people(about))
    _rows(
        folder, "book", kind="picture_book", title=about["title"], file="story.epub",
        credited="|".join(f"{name}:{role}" for name, role, _bp in people),
        shares=[(name, share) for name, _role, share in _joined(people)], min_age="3", is_youth="yes",
    )  # fmt: skip


def _people(about: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """Half for the text, 30 % for the pictures, 20 % for the translation; who is missing leaves theirs to the text."""
    shares = {"illustration": 3_000, "translation": 2_000}
    named = {
        part: [one.strip() for one in about[part].split(",") if one.strip()] for part in ("text", *shares)
    }
    left = 10_000
    for part, role in (("illustration", "illustrator"), ("translation", "translator")):
        for place, name in enumerate(named[part]):
            share = shares[part] // len(named[part]) + (shares[part] % len(named[part]) if place == 0 else 0)
            left -= share
            yield name, role, share
    for place, name in enumerate(named["text"] or ["Anonyme"]):
        count = len(named["text"] or [""])
        yield name, "author", left // count + (left % count if place == 0 else 0)


def _joined(people: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Somebody with two roles has one share."""
    whole: dict[str, int] = {}
    for name, _role, share in people:
        whole[name] = whole.get(name, 0) + share
    return [(name, "", share) for name, share in whole.items()]


def _template(folder: Path, source: Path, *, medium: str, kind: str, credited: str, title: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / source.name)
    _rows(
        folder, medium, kind=kind, title=title, file=source.name, credited=credited,
        shares=[(credited.partition(":")[0], 10_000)],
    )  # fmt: skip


def _rows(  # noqa: PLR0913 - a row has many cells
    folder: Path,
    medium: str,
    *,
    kind: str,
    title: str,
    file: str,
    credited: str,
    shares: list[tuple[str, int]],
    **more: str,
) -> None:
    row = {
        "release_ref": "S1", "release_title": title, "medium": medium, "release_kind": kind, "territories": "world",
        "available_from": "2026-01-15", "resource_ref": "S1-1", "resource_title": title, "file": file,
        "credits": credited, **more,
    }  # fmt: skip
    names = {entry.rpartition(":")[0] for entry in credited.split("|")}
    write_sheet(folder / "delivery.csv", [row])
    write_sheet(folder / "parties.csv", [{"name": name, "country": "FR"} for name in sorted(names)])
    write_sheet(folder / "payees.csv", [{"legal_name": name, "country": "FR"} for name, _bp in shares])
    rights = [
        {"resource_ref": "S1-1", "payee": name, "share_bp": str(share), "valid_from": "2026-01-15"}
        for name, share in shares
    ]
    write_sheet(folder / "rights.csv", rights)


KINDS = {
    "metadata-ddex/*.xml": prepare_ern,
    "samples/ddex/audius/*.xml": prepare_ern,
    "samples/ddex/ern*/*.xml": prepare_ern,
    "metadata-onix/*.xml": prepare_onix,
    "samples/onix/*.xml": prepare_onix,
    "epub-*/*.epub": prepare_book,
    "music-cc-by-sa/*.ogg": prepare_music,
    "video/*.mp4": prepare_film,
    "games/*gz": prepare_game,
    "youth-asp-fr/stories/*.md": prepare_story,
}
