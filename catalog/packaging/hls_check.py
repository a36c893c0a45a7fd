"""Reads a whole HLS package back before it is published, as a player would: nothing named may be missing."""

from __future__ import annotations

import math
import re
from pathlib import Path

from catalog.packaging import hls
from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
URI = re.compile(r'URI="([^"]+)"')
OF_A_RENDITION = (
    "NAME",
    "LANGUAGE",
    "DEFAULT",
    "AUTOSELECT",
    "FORCED",
    "CHARACTERISTICS",
)  # alike in each group
NEEDED = ("BANDWIDTH", "CODECS")


def check_package(folder: Path) -> None:
    """Check the master playlist and all that it names against RFC 8216.

    Every playlist, init file and segment is there; no segment is longer than its playlist's target (4.3.3.1);
    groups exist, names in a group differ, one at most is the default, and groups of one type hold the same
    renditions (4.3.4.1.1); no quality is listed twice; bandwidths are those of the heaviest segment or more (4.3.4.2).

    Raises:
        PackageFault: `bad_package`, with each fault on a line.
    """
    faults = list(_faults(folder))
    if faults:
        raise PackageFault("bad_package", _("A playlist is not complete."), detail="\n".join(faults[:20]))


def _faults(folder: Path) -> list[str]:
    lines = (folder / hls.MASTER).read_text("utf-8").splitlines()
    if lines[0] != "#EXTM3U":
        return ["the master is no playlist"]
    faults: list[str] = []
    groups = _check_renditions(folder, lines, faults)
    variants = [
        (_attributes(line), lines[at + 1] if at + 1 < len(lines) else "")
        for at, line in enumerate(lines)
        if line.startswith("#EXT-X-STREAM-INF:")
    ]
    if not variants:
        faults.append("the master names no quality")
    if len({uri for _said, uri in variants}) < len(variants):
        faults.append("a quality is named twice")
    for said, uri in variants:
        faults += [f"{uri}: no {name}" for name in NEEDED if not said.get(name)]
        peak = _check_playlist(folder, uri, faults)
        for kind in hls.GROUPS:
            group = said.get(kind)
            if group is not None and (kind, group) not in groups:
                faults.append(f"{uri}: no group {group} of {kind}")
            peak += max(groups.get((kind, group or ""), [0]))
        if int(said.get("BANDWIDTH") or 0) < peak:
            faults.append(f"{uri}: says {said.get('BANDWIDTH')} bit/s, {peak} were measured")
    return faults


def _check_renditions(folder: Path, lines: list[str], faults: list[str]) -> dict[tuple[str, str], list[int]]:
    """Return each group's peaks by (type, group)."""
    groups: dict[tuple[str, str], list[int]] = {}
    names: set[tuple[str, str, str]] = set()
    alike: dict[tuple[str, str], set[tuple[str | None, ...]]] = {}
    defaults: set[tuple[str, str]] = set()
    for line in lines:
        if not line.startswith("#EXT-X-MEDIA:"):
            continue
        said = _attributes(line)
        key = (said.get("TYPE", ""), said.get("GROUP-ID", ""))
        name = (*key, said.get("NAME", ""))
        if not all(name) or name in names:
            faults.append(f"a rendition has no name of its own: {name}")
        names.add(name)
        if said.get("DEFAULT") == "YES":
            if key in defaults:
                faults.append(f"two defaults in {key}")
            defaults.add(key)
        peak = _check_playlist(folder, said.get("URI", ""), faults, is_text=key[0] == "SUBTITLES")
        groups.setdefault(key, []).append(peak)
        alike.setdefault(key, set()).add(tuple(said.get(attribute) for attribute in OF_A_RENDITION))
    for (kind, group), held in alike.items():
        if any(other != held for (of_kind, _group), other in alike.items() if of_kind == kind):
            faults.append(f"group {group} of {kind} does not hold what the others hold")
    return groups


def _check_playlist(folder: Path, uri: str, faults: list[str], *, is_text: bool = False) -> int:
    """Return the peak bandwidth in bits a second, 0 for text."""
    path = folder / uri
    if not uri or not path.is_file():
        faults.append(f"{uri or 'a playlist'} is not there")
        return 0
    text = path.read_text("utf-8")
    lines = text.splitlines()
    if lines[0] != "#EXTM3U" or lines[-1] != "#EXT-X-ENDLIST":
        faults.append(f"{uri} does not end")
    target = next((float(line.rpartition(":")[2]) for line in lines if "TARGETDURATION:" in line), 0.0)
    inits = URI.findall(text)
    faults.extend(
        f"{uri} names {name}, which is not there" for name in inits if not (path.parent / name).is_file()
    )
    seconds, segments = 0.0, []
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").partition(",")[0])
        elif line and not line.startswith("#"):
            segment = path.parent / line
            if not segment.is_file() or not segment.stat().st_size:
                faults.append(f"{uri} names {line}, which is not there")
                continue
            if math.floor(seconds + 0.5) > target or seconds <= 0:
                faults.append(f"{uri}: {line} lasts {seconds} s, the target is {target:.0f}")
            segments.append((line, seconds, segment.stat().st_size))
    if not segments:
        faults.append(f"{uri} has no segments")
        return 0
    rung = hls.Rung(name=uri, codecs="")
    return 0 if is_text else hls.Measured(rung=rung, segments=tuple(segments)).peak_bandwidth


def _attributes(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(line.partition(":")[2])}
