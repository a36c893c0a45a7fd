"""What every recipe takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Report = Callable[[float], None]  # the part of the work that is done, 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a recipe found out while it filled the package's folder.

    `duration_s` is measured; `loudness_lufs` and `true_peak_dbtp` are None for silence. `waveform`: 200 peaks, 0 to
    100. `cover` is a picture found in the original, for a release that was delivered without one. `facts` is what
    else is worth keeping of this package, as JSON: see the package's README.
    """

    duration_s: float | None = None
    loudness_lufs: Decimal | None = None
    true_peak_dbtp: Decimal | None = None
    waveform: tuple[int, ...] = ()
    cover: bytes | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A file beside a film; `kind` is one of FilmTrack.Kind."""

    kind: str
    language: str
    path: Path


@dataclass(frozen=True, slots=True)
class Material:
    """What a package is made of: the original, the language that its release names first, a film's tracks."""

    path: Path
    language: str = ""
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A way to make packages; a new version makes new packages beside the old ones.

    `build(material, folder, report)` writes the package's files into an empty folder, and raises PackageFault.
    `queue` names the workers that make it: films take hours and processors, and let nothing else wait.
    """

    name: str
    version: int
    queue: str
    entry: str
    build: Callable[[Material, Path, Report], Built]
