"""Recordings: an HLS ladder of AAC at 96, 160 and 320 kbit/s in fragmented MP4."""

from __future__ import annotations

from pathlib import Path

from catalog.packaging import hls, loudness, waveform
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed, run_ffmpeg
from mediaplatform.infrastructure.said import say as _

KBIT = (96, 160, 320)
RATES = (44_100, 48_000)
HEARD, ENCODED = 0.15, 0.9  # progress after each part
PRIMING = 1_024  # samples that ffmpeg's AAC encoder puts before the first
SLOWEST = 4  # ffmpeg may take so many times the recording's length, and a minute


def build(material: Material, folder: Path, report: Report) -> Built:
    """Decode once into three rungs and a loudness measurement; check them; write the master playlist.

    Raises:
        PackageFault: `not_decodable`, `truncated` or `bad_package`.
    """
    heard = waveform.hear(material.path)
    report(HEARD)
    rate = RATES[1] if heard.sample_rate % 8_000 == 0 else RATES[0]
    rungs = [hls.Rung(name=f"aac{kbit}", codecs="mp4a.40.2") for kbit in KBIT]
    arguments: list[str | Path] = ["-v", "info", "-i", material.path]
    for kbit, rung in zip(KBIT, rungs, strict=True):
        (folder / rung.name).mkdir()
        arguments += ["-map", "0:a:0", "-c:a", "aac", "-b:a", f"{kbit}k", "-ac", "2", "-ar", str(rate)]
        arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        arguments += hls.output_options(folder / rung.name)
    arguments += ["-map", "0:a:0", "-af", loudness.FILTER_WITH_BLOCKS, "-f", "null", "-"]
    try:
        said = run_ffmpeg(
            arguments,
            folder=folder,
            timeout_s=60 + SLOWEST * heard.duration_s,
            on_progress=lambda done_s: report(HEARD + (ENCODED - HEARD) * min(done_s / heard.duration_s, 1)),
        )
    except FfmpegFailed as error:
        raise PackageFault(
            "not_decodable", _("The recording can't be decoded."), detail=str(error)
        ) from error
    measured = [hls.measure(folder, rung) for rung in rungs]
    decoded = hls.check_rungs(folder, measured, expected_s=heard.duration_s, has_video=False)
    hls.write_master(folder, measured)
    level, peak = loudness.read_summary(said)
    blocks = folder / loudness.BLOCKS
    facts = {
        "gapless": _gapless(heard, encoded=round(decoded[0] * rate), rate=rate),
        "loudness_blocks": loudness.read_blocks(blocks.read_text("ascii", "replace")),
    }
    blocks.unlink()
    report(1)
    return Built(
        duration_s=heard.duration_s,
        loudness_lufs=level,
        true_peak_dbtp=peak,
        waveform=heard.bars,
        cover=heard.cover,
        facts=facts,
    )


def _gapless(heard: waveform.Heard, *, encoded: int, rate: int) -> dict[str, int]:
    """Return where in the encoded samples the recording lies: after `delay`, `samples` long, before `padding`.

    What iTunes writes as iTunSMPB: AAC is coded in frames of 1,024 samples after one frame of priming, which
    every rung has alike. 441,000 samples in 432 frames: delay 1,024, padding 432 x 1,024 - 1,024 - 441,000 = 344.
    """
    samples = min(round(heard.samples * rate / heard.sample_rate), encoded - PRIMING)
    return {
        "sample_rate": rate,
        "delay": PRIMING,
        "samples": samples,
        "padding": encoded - PRIMING - samples,
    }


RECIPE = Recipe(name="hls-audio", version=2, queue="audio", entry=hls.MASTER, build=build)
