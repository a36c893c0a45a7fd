"""Writes each house's delivery as a folder in the CSV template; keeps it while the generator is the same."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from mediaplatform.demo.artists import PARTIES, PAYEES
from mediaplatform.demo.films.captions import CAPTIONS, write_srt
from mediaplatform.demo.repertoire.works import Deliverer, Release, Resource
from mediaplatform.demo.studio import make_cover, make_media

SOURCES = Path(__file__).parent
GENERATOR = (
    "artists.py",
    "delivery.py",
    "studio.py",
    "books",
    "covers",
    "films",
    "games",
    "music",
    "repertoire",
    "sound",
)
MARK = ".generator"  # the digest a finished folder was made with
Said = Callable[[str], None]


def generator_digest() -> str:
    """Return the SHA-256 of all that decides what the folders hold."""
    digest = hashlib.sha256()
    for name in GENERATOR:
        path = SOURCES / name
        for file in sorted([path] if path.is_file() else path.rglob("*.*")):
            if file.is_file() and file.suffix in {".py", ".typ", ".html", ".css", ".js"}:
                digest.update(file.relative_to(SOURCES).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def write_delivery(house: Deliverer, *, folder: Path, workers: int = 2, say: Said = lambda _: None) -> Path:
    """Write `folder/<house>` with sheets, covers and media; one made by the same generator is kept.

    `say` gets a line for each finished file. A broken-off run is begun again: the mark is written last.
    """
    target, digest = folder / house.slug, generator_digest()
    if (target / MARK).exists() and (target / MARK).read_text() == digest:
        return target
    shutil.rmtree(target, ignore_errors=True)
    _write_media(house, target, workers=workers, say=say)
    _write_sheets(house, target)
    (target / MARK).write_text(digest)
    return target


def media_path(release: Release, resource: Resource) -> str:
    """Return where a resource's file lies in the folder: `media/jardins-de-pente/01.flac`."""
    return f"media/{release.slug}/{release.resources.index(resource) + 1:02}.{release.suffix}"


def caption_paths(release: Release) -> dict[str, str]:
    """Return where a film's captions lie in the folder, by language."""
    if release.slug not in CAPTIONS:
        return {}
    return {language: f"media/{release.slug}/{language}.srt" for language in ("fr", "en")}


def resource_reference(release: Release, resource: Resource) -> str:
    """Return `HC-001-01`: the release's number and the resource's place in it."""
    return f"{release.reference[:6]}-{release.resources.index(resource) + 1:02}"


def ean(release: Release) -> str:
    """Return an EAN-13 of the range for use inside a company (prefix 2), stable for the reference."""
    number = int(hashlib.sha256(release.reference.encode()).hexdigest(), 16) % 10**10
    digits = f"20{number:010}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _write_media(house: Deliverer, target: Path, *, workers: int, say: Said) -> None:
    for release in house.releases:
        (target / "covers").mkdir(parents=True, exist_ok=True)
        (target / "covers" / f"{release.slug}.png").write_bytes(make_cover(release))
        (target / "media" / release.slug).mkdir(parents=True, exist_ok=True)
        for language, name in caption_paths(release).items():
            (target / name).write_text(write_srt(release.slug, language), "utf-8")
    pairs = [(release, resource) for release in house.releases for resource in release.resources]
    context = get_context("forkserver")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
        jobs = {
            pool.submit(make_media, release, resource, target / media_path(release, resource)): resource
            for release, resource in pairs
        }
        for done in as_completed(jobs):
            done.result()
            say(f"{house.name}: {jobs[done].title}")


def _write_sheets(house: Deliverer, target: Path) -> None:
    pairs = [(release, resource) for release in house.releases for resource in release.resources]
    credited = {name for _, resource in pairs for name, _ in resource.credits} | {
        release.label for release in house.releases
    }
    paid = {name for _, resource in pairs for name, _ in resource.shares}
    _write_sheet(target / "delivery.csv", (_delivery_row(release, resource) for release, resource in pairs))
    _write_sheet(
        target / "rights.csv",
        (
            {
                "resource_ref": resource_reference(r, x),
                "payee": payee,
                "share_bp": str(share),
                "valid_from": r.released_on,
            }
            for r, x in pairs
            for payee, share in x.shares
        ),
    )
    _write_sheet(
        target / "parties.csv",
        (
            {
                "name": party.name,
                "kind": party.kind,
                "isni": "",
                "commune": party.commune,
                "country": party.country,
                "biography": party.biography,
                "website": "",
            }
            for party in PARTIES
            if party.name in credited
        ),
    )
    _write_sheet(
        target / "payees.csv",
        (
            {
                "legal_name": payee.legal_name,
                "kind": payee.kind,
                "commune": payee.commune,
                "country": payee.country,
                "email": payee.email,
            }
            for payee in PAYEES
            if payee.legal_name in paid
        ),
    )


def _delivery_row(release: Release, resource: Resource) -> dict[str, str]:
    owned = f"{release.released_on[:4]} {release.label}"
    return {
        "release_ref": release.reference,
        "release_title": release.title,
        "release_subtitle": release.subtitle,
        "medium": release.medium,
        "release_kind": release.kind,
        "release_date": release.released_on,
        "ean": ean(release),
        "label": release.label,
        "languages": "|".join(release.languages),
        "subjects": "|".join(release.subjects),
        "description": release.description,
        "min_age": "" if release.min_age is None else str(release.min_age),
        "pegi": "" if release.pegi is None else str(release.pegi),
        "pegi_descriptors": "",
        "platforms": "|".join(release.platforms),
        "controls": "|".join(release.controls),
        "players": release.players,
        "p_line": owned if release.medium == "music" else "",
        "c_line": owned,
        "explicit": "yes" if release.is_explicit else "no",
        "is_youth": "yes" if release.is_youth else "no",
        "cover_file": f"covers/{release.slug}.png",
        "territories": "|".join(release.countries) or "world",
        "available_from": release.released_on,
        "available_to": "",
        "resource_ref": resource_reference(release, resource),
        "position": str(release.resources.index(resource) + 1),
        "resource_title": resource.title,
        "isrc": "",
        "duration_s": "",
        "file": media_path(release, resource),
        "credits": "|".join(f"{name}:{role}" for name, role in resource.credits),
        "captions": "|".join(f"{language}:{path}" for language, path in caption_paths(release).items()),
    }


def _write_sheet(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        sheet = csv.DictWriter(out, fieldnames=list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
