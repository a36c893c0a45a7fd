"""Who delivers what."""

from __future__ import annotations

from mediaplatform.demo.artists import FILMS, LABEL, PUBLISHER, STUDIO
from mediaplatform.demo.repertoire.music import LABEL_RELEASES, SOUNDTRACK
from mediaplatform.demo.repertoire.stories import (
    BOOK_RELEASES,
    FILM_RELEASES,
    GAME_RELEASE,
    PRINTED_RELEASES,
)
from mediaplatform.demo.repertoire.works import Deliverer, Release

DELIVERERS = (
    Deliverer("les-heures-creuses", LABEL, LABEL_RELEASES),
    Deliverer("petite-ecluse", PUBLISHER, BOOK_RELEASES + PRINTED_RELEASES),
    Deliverer("demi-jour", FILMS, FILM_RELEASES),
    Deliverer("mille-pattes", STUDIO, (GAME_RELEASE, SOUNDTRACK)),
)
RELEASES: tuple[Release, ...] = tuple(release for house in DELIVERERS for release in house.releases)
