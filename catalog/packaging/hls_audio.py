"""Recordings: an HLS ladder of AAC at 96, 160 and 320 kbit/s in fragmented MP4."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from catalog.packaging import hls, loudness, waveform
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Recipe, Report
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed, run_ffmpeg

KBIT = (96, 160, 320)
RATES = (44_100, 48_000)
HEARD, ENCODED = 0.15, 0.9  # progress after each part
SLOWEST = 4  # ffmpeg may take so many times the recording's length, and a minute


def build(source: Path, folder: Path, report: Report) -> Built:
    """Decode once into three rungs and a loudness measurement; check them; write the master playlist.

    Raises:
        PackageFault: `not_decodable`, `truncated` or `bad_package`.
    """
    heard = waveform.hear(source)
    report(HEARD)
    rate = RATES[1] if heard.sample_rate % 8_000 == 0 else RATES[0]
    rungs = [hls.Rung(name=f"aac{kbit}", codecs="mp4a.40.2") for kbit in KBIT]
    arguments: list[str | Path] = ["-v", "info", "-i", source]
    for kbit, rung in zip(KBIT, rungs, strict=True):
        (folder / rung.name).mkdir()
        arguments += ["-map", "0:a:0", "-c:a", "aac", "-b:a", f"{kbit}k", "-ac", "2", "-ar", str(rate)]
        arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        arguments += hls.output_options(folder / rung.name)
    arguments += ["-map", "0:a:0", "-af", loudness.FILTER, "-f", "null", "-"]
    try:
        said = run_ffmpeg(
            arguments,
            timeout_s=60 + SLOWEST * heard.duration_s,
            on_progress=lambda done_s: report(HEARD + (ENCODED - HEARD) * min(done_s / heard.duration_s, 1)),
        )
    except FfmpegFailed as error:
        raise PackageFault(
            "not_decodable", _("The recording can't be decoded."), detail=str(error)
        ) from error
    measured = [hls.measure(folder, rung) for rung in rungs]
    hls.check_rungs(folder, measured, expected_s=heard.duration_s, has_video=False)
    hls.write_master(folder, measured)
    level, peak = loudness.read_summary(said)
    report(1)
    return Built(
        duration_s=heard.duration_s,
        loudness_lufs=level,
        true_peak_dbtp=peak,
        waveform=heard.bars,
        cover=heard.cover,
    )


RECIPE = Recipe(name="hls-audio", version=1, entry=hls.MASTER, build=build)
