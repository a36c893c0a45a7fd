"""Makes the media file of one resource, and the cover of one release."""

from __future__ import annotations

import importlib
from pathlib import Path

from mediaplatform.demo.books.library import make_book
from mediaplatform.demo.books.printed import make_comic, make_pdf
from mediaplatform.demo.covers.press import print_drawing
from mediaplatform.demo.films import cutouts, line, stage, tides
from mediaplatform.demo.games import make_game
from mediaplatform.demo.music import cinema
from mediaplatform.demo.repertoire.works import Release, Resource
from mediaplatform.demo.sound.files import write_sound
from mediaplatform.demo.sound.studio import Stereo

PRINTED = {"cbz": make_comic, "pdf": make_pdf}
FILMS = {
    "la-ligne-va-se-promener": (line, cinema.line),
    "marees": (tides, cinema.tides),
    "papier-pierre-oiseau": (cutouts, cinema.cutouts),
}


def make_cover(release: Release) -> bytes:
    """Return the release's cover as PNG."""
    return print_drawing(release.slug)


def make_media(release: Release, resource: Resource, path: Path) -> None:
    """Write the resource's media file to `path`; the suffix is the release's."""
    artist = resource.credits[0][0]
    if release.medium == "music":
        number = release.resources.index(resource) + 1
        tags = {
            "title": resource.title,
            "artist": artist,
            "album": release.title,
            "track": str(number),
            "date": release.released_on,
        }
        write_sound(path, compose(resource.maker), tags=tags)
    elif release.medium == "video":
        film, score = FILMS[resource.maker]
        stage.shoot(
            path, draw=film.draw, seconds=film.SECONDS, sound=score(), title=resource.title, artist=artist
        )
    elif release.suffix in PRINTED:
        path.write_bytes(PRINTED[release.suffix](release))
    elif release.medium == "book":
        path.write_bytes(make_book(release, cover=make_cover(release)))
    else:
        path.write_bytes(make_game(resource.maker))


def compose(maker: str) -> Stereo:
    """Return the piece that `band.piece` names in the repertoire: `folk.premier_arrosage`."""
    band, piece = maker.split(".")
    finished: Stereo = getattr(importlib.import_module(f"mediaplatform.demo.music.{band}"), piece)()
    return finished
