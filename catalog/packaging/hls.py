"""HTTP Live Streaming (RFC 8216): media playlists read back, rungs measured and compared, the master written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

SEGMENT_S = 4
ALIGNED_S = 0.05  # how far the same segment may differ in length between rungs
DECODED_S = 0.25  # how far the decoded length may be from the playlist's
INIT, INDEX, MASTER = "init.mp4", "index.m3u8", "master.m3u8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One quality: `name` is its folder, `attributes` what the master says beyond bandwidth and codecs.

    `sound_group`: which sounds go with it, where there is more than one group of them.
    """

    name: str
    codecs: str
    attributes: str = ""
    sound_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A rung's segments as (file name, seconds, bytes)."""

    rung: Rung
    segments: tuple[tuple[str, float, int], ...]

    @property
    def duration_s(self) -> float:
        return sum(seconds for _name, seconds, _size in self.segments)

    @property
    def peak_bandwidth(self) -> int:
        """The largest bit rate of any segment, in bits a second (RFC 8216, 4.3.4.2).

        A last segment shorter than half a target counts with its neighbour: nobody downloads it alone.
        """
        runs = list(self.segments)
        if len(runs) > 1 and runs[-1][1] < SEGMENT_S / 2:
            tail, before = runs.pop(), runs.pop()
            runs.append((before[0], before[1] + tail[1], before[2] + tail[2]))
        return max(math.ceil(size * 8 / seconds) for _name, seconds, size in runs)

    @property
    def average_bandwidth(self) -> int:
        return math.ceil(sum(size for _n, _s, size in self.segments) * 8 / self.duration_s)


def output_options(folder: Path) -> list[str | Path]:
    """Return ffmpeg's options for one rung in its own folder, which must exist."""
    return [
        "-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod", "-hls_list_size", "0",
        "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments", "-hls_fmp4_init_filename", INIT,
        "-hls_segment_filename", folder / "seg_%05d.m4s", folder / INDEX,
    ]  # fmt: skip


def measure(folder: Path, rung: Rung) -> Measured:
    """Read a rung's playlist and weigh its segments.

    Raises:
        PackageFault: `bad_package`: the playlist does not end, or names a file that is not there.
    """
    lines = (folder / rung.name / INDEX).read_text("utf-8").splitlines()
    if lines[0] != "#EXTM3U" or lines[-1] != "#EXT-X-ENDLIST" or f'#EXT-X-MAP:URI="{INIT}"' not in lines:
        raise PackageFault("bad_package", _("A playlist is not complete."), detail=rung.name)
    segments, seconds = [], 0.0
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").rstrip(","))
        elif not line.startswith("#"):
            path = folder / rung.name / line
            if not path.is_file() or path.stat().st_size == 0:
                raise PackageFault("bad_package", _("A segment is missing."), detail=f"{rung.name}/{line}")
            segments.append((line, seconds, path.stat().st_size))
    if not segments or not (folder / rung.name / INIT).is_file():
        raise PackageFault("bad_package", _("A playlist is not complete."), detail=rung.name)
    return Measured(rung=rung, segments=tuple(segments))


def check_rungs(folder: Path, rungs: list[Measured], *, expected_s: float, has_video: bool) -> list[float]:
    """Check that rungs are cut at the same places, last as long as the original, and can be decoded.

    Returns the seconds that were decoded of each: of sound, whole frames with priming and padding.

    Raises:
        PackageFault: `bad_package`.
    """
    first = rungs[0]
    decoded = []
    for one in rungs:
        pairs = zip(one.segments, first.segments, strict=False)
        if len(one.segments) != len(first.segments) or any(abs(a[1] - b[1]) > ALIGNED_S for a, b in pairs):
            raise PackageFault(
                "bad_package", _("The qualities are not cut at the same places."), detail=one.rung.name
            )
        decoded_s = _decode(folder / one.rung.name, one, has_video=has_video)
        slack_s = DECODED_S + 0.005 * expected_s
        if abs(decoded_s - one.duration_s) > slack_s or abs(one.duration_s - expected_s) > slack_s + 1:
            detail = f"{one.rung.name}: {decoded_s:.2f} s decoded, {one.duration_s:.2f} listed, {expected_s:.2f} asked"
            raise PackageFault("bad_package", _("The package is not as long as the original."), detail=detail)
        decoded.append(decoded_s)
    return decoded


def _decode(folder: Path, measured: Measured, *, has_video: bool) -> float:
    """Return the seconds in a rung: sound is decoded whole; of a picture the first frame, the rest counted."""
    whole = folder / "whole.mp4"
    try:
        with whole.open("wb") as out:
            for name in (INIT, *(name for name, _s, _b in measured.segments)):
                out.write((folder / name).read_bytes())
        with av.open(str(whole)) as container:
            if not has_video:
                stream = container.streams.audio[0]
                return (
                    sum(frame.samples for frame in container.decode(stream))
                    / stream.codec_context.sample_rate
                )
            picture = container.streams.video[0]
            next(container.decode(picture))
            container.seek(0)
            ends = [
                float((packet.pts + (packet.duration or 0)) * packet.time_base)
                for packet in container.demux(picture)
                if packet.pts is not None and packet.time_base
            ]
            return max(ends)
    except (av.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise PackageFault("bad_package", _("The package can't be decoded."), detail=str(error)) from error
    finally:
        whole.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A sound, or words, beside every quality (RFC 8216, 4.3.4.1): `name` is its folder, `label` what people choose.

    `peak_bandwidth` is 0 for words. `group`: empty where there is one of its kind.
    """

    name: str
    kind: str  # AUDIO or SUBTITLES
    label: str
    language: str
    is_default: bool = False
    characteristics: str = ""
    peak_bandwidth: int = 0
    group: str = ""

    @property
    def group_id(self) -> str:
        return self.group or GROUPS[self.kind]


GROUPS = {"AUDIO": "sound", "SUBTITLES": "words"}
SOUND_CODEC = "mp4a.40.2"


def write_master(folder: Path, rungs: list[Measured], renditions: Sequence[Rendition] = ()) -> None:
    """Write the master playlist, the lowest quality first: a player begins there and climbs.

    A quality's bandwidth counts the heaviest sound of its group (RFC 8216, 4.3.4.2).
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_media(one) for one in renditions]
    kinds = {one.kind for one in renditions}
    for one in rungs:
        named = {"AUDIO": one.rung.sound_group or GROUPS["AUDIO"], "SUBTITLES": GROUPS["SUBTITLES"]}
        groups = "".join(f',{kind}="{group}"' for kind, group in named.items() if kind in kinds)
        sound = max((x.peak_bandwidth for x in renditions if x.group_id == named["AUDIO"]), default=0)
        codecs = one.rung.codecs + (f",{SOUND_CODEC}" if "AUDIO" in kinds else "")
        extra = f",{one.rung.attributes}" if one.rung.attributes else ""
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={one.peak_bandwidth + sound},"
            f"AVERAGE-BANDWIDTH={one.average_bandwidth + sound},"
            f'CODECS="{codecs}"{extra}{groups}'
        )
        lines.append(f"{one.rung.name}/{INDEX}")
    (folder / MASTER).write_text("\n".join(lines) + "\n", "utf-8")


def _media(one: Rendition) -> str:
    """Write a rendition's line. Words are never forced; every one may be chosen by the browser's language."""
    label = one.label.replace('"', "'")
    kind = "YES" if one.is_default else "NO"
    parts = [
        f"TYPE={one.kind}",
        f'GROUP-ID="{one.group_id}"',
        f'NAME="{label}"',
        *([f'LANGUAGE="{one.language}"'] if one.language else []),
        f"DEFAULT={kind}",
        "AUTOSELECT=YES",
        *(['CHANNELS="2"'] if one.kind == "AUDIO" else ["FORCED=NO"]),
        *([f'CHARACTERISTICS="{one.characteristics}"'] if one.characteristics else []),
        f'URI="{one.name}/{INDEX}"',
    ]
    return "#EXT-X-MEDIA:" + ",".join(parts)
