"""Films: an HLS ladder of H.264 and AAC in fragmented MP4, up to the height of the original, and a poster."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import av
from django.utils.translation import gettext as _

from catalog.packaging import cover, hls, loudness
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Recipe, Report
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed, run_ffmpeg

LADDER = ((240, 400, 64), (480, 1_200, 96), (720, 2_800, 128))  # height, highest video kbit/s, audio kbit/s
ENCODED = 0.9
SLOWEST = 12
POSTER = "poster.webp"
CODECS_AT = 5  # bytes from the name of an avcC box to its profile, and what follows


@dataclass(frozen=True, slots=True)
class Film:
    """What the original is; `width` and `height` in square pixels as decoded."""

    width: int
    height: int
    duration_s: float
    has_sound: bool


def build(source: Path, folder: Path, report: Report) -> Built:
    """Encode every rung in one process; check them; write the master playlist and a poster.

    Raises:
        PackageFault: `not_decodable`, `truncated` or `bad_package`.
    """
    film = look_at(source)
    steps = [step for step in LADDER if step[0] <= film.height] or [(film.height // 2 * 2, *LADDER[0][1:])]
    arguments: list[str | Path] = ["-v", "info", "-i", source]
    for height, video_kbit, audio_kbit in steps:
        (folder / f"h{height}").mkdir()
        arguments += [
            "-map", "0:v:0", "-map", "0:a:0?", "-vf", f"scale=-2:{height},format=yuv420p", "-c:v", "libx264",
            "-preset", "veryfast", "-crf", "23", "-maxrate", f"{video_kbit}k", "-bufsize", f"{video_kbit * 2}k",
            "-force_key_frames", f"expr:gte(t,n_forced*{hls.SEGMENT_S})", "-sc_threshold", "0",
            "-c:a", "aac", "-b:a", f"{audio_kbit}k", "-ac", "2", "-ar", "48000", "-map_metadata", "-1",
            "-fflags", "+bitexact",
            *hls.output_options(folder / f"h{height}"),
        ]  # fmt: skip
    if film.has_sound:
        arguments += ["-map", "0:a:0", "-af", loudness.FILTER, "-f", "null", "-"]
    try:
        said = run_ffmpeg(
            arguments,
            timeout_s=120 + SLOWEST * film.duration_s,
            on_progress=lambda done_s: report(ENCODED * min(done_s / film.duration_s, 1)),
        )
        poster = _poster(source, folder, film)
    except FfmpegFailed as error:
        raise PackageFault("not_decodable", _("The film can't be decoded."), detail=str(error)) from error
    measured = [hls.measure(folder, _rung(folder, film, height)) for height, _v, _a in steps]
    if film.duration_s - measured[0].duration_s > max(2.0, 0.02 * film.duration_s):
        message = _("The film breaks off after %(seen).0f of %(declared).0f seconds.")
        raise PackageFault(
            "truncated", message % {"seen": measured[0].duration_s, "declared": film.duration_s}
        )
    hls.check_rungs(folder, measured, expected_s=measured[0].duration_s, has_video=True)
    hls.write_master(folder, measured)
    level, peak = loudness.read_summary(said) if film.has_sound else (None, None)
    report(1)
    return Built(duration_s=measured[0].duration_s, loudness_lufs=level, true_peak_dbtp=peak, cover=poster)


def look_at(source: Path) -> Film:
    """Read what a film is, and decode its first picture. Raises: PackageFault `not_decodable`."""
    try:
        with av.open(str(source), metadata_errors="replace") as container:
            frame = next(container.decode(container.streams.video[0]))
            duration_s = container.duration / av.time_base if container.duration else 0.0
            film = Film(frame.width, frame.height, duration_s, bool(container.streams.audio))
    except (av.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise PackageFault("not_decodable", _("The film can't be decoded."), detail=str(error)) from error
    if not film.duration_s or min(film.width, film.height) < 2:  # noqa: PLR2004 - H.264 needs even sides
        raise PackageFault("not_decodable", _("The film has no length."))
    return film


def _rung(folder: Path, film: Film, height: int) -> hls.Rung:
    width = round(film.width * height / film.height / 2) * 2
    codecs = avc_codec((folder / f"h{height}" / hls.INIT).read_bytes()) + (
        ",mp4a.40.2" if film.has_sound else ""
    )
    return hls.Rung(name=f"h{height}", codecs=codecs, attributes=f"RESOLUTION={width}x{height}")


def avc_codec(init: bytes) -> str:
    """Return the RFC 6381 name of the H.264 profile and level in an init segment: `avc1.64001f`.

    Raises:
        PackageFault: `bad_package`: there is no picture in it.
    """
    place = init.find(b"avcC")
    if place < 0:
        raise PackageFault("bad_package", _("A playlist is not complete."), detail="no avcC box")
    return f"avc1.{init[place + CODECS_AT : place + CODECS_AT + 3].hex()}"


def _poster(source: Path, folder: Path, film: Film) -> bytes:
    """Write a picture of a tenth into the film as the poster, and return it as PNG."""
    picture = folder / "poster.png"
    run_ffmpeg(
        ["-v", "error", "-ss", f"{film.duration_s / 10:.2f}", "-i", source, "-frames:v", "1", picture],
        timeout_s=60,
    )
    data = picture.read_bytes()
    picture.unlink()
    out = io.BytesIO()
    cover.read_picture(data).save(out, "WEBP", quality=cover.QUALITY)
    (folder / POSTER).write_bytes(out.getvalue())
    return data


RECIPE = Recipe(name="hls-video", version=1, entry=hls.MASTER, build=build)
