"""ffmpeg as a child with limits."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.test import override_settings

from mediaplatform.infrastructure import ffmpeg
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed

TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"]


def test_a_tone_is_measured_from_the_error_stream() -> None:
    said = ffmpeg.run_ffmpeg([*TONE, "-af", "ebur128", "-f", "null", "-"], timeout_s=120)
    assert "Integrated loudness" in said


def test_progress_is_told_in_seconds_of_output(tmp_path: Path) -> None:
    seen: list[float] = []
    ffmpeg.run_ffmpeg([*TONE, tmp_path / "tone.wav"], timeout_s=120, on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(4.0, abs=0.1)


def test_it_runs_in_the_folder_it_is_given(tmp_path: Path) -> None:
    ffmpeg.run_ffmpeg([*TONE, "tone.flac"], timeout_s=120, folder=tmp_path)
    assert (tmp_path / "tone.flac").stat().st_size > 1_000


def test_a_corrupt_file_is_refused_with_the_last_words(tmp_path: Path) -> None:
    corrupt = tmp_path / "song.flac"
    corrupt.write_bytes(b"fLaC" + b"\0" * 300)
    with pytest.raises(FfmpegFailed, match="ended with status") as failure:
        ffmpeg.run_ffmpeg(["-i", corrupt, tmp_path / "out.wav"], timeout_s=120)
    assert any("song.flac" in line for line in failure.value.lines)


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    endless: list[str | Path] = ["-re", "-f", "lavfi", "-i", "sine=frequency=440", tmp_path / "out.wav"]
    begun = time.monotonic()
    with pytest.raises(FfmpegFailed, match="within 1 s"):
        ffmpeg.run_ffmpeg(endless, timeout_s=1)
    assert time.monotonic() - begun < 60


def test_what_stands_still_is_ended_long_before_its_time(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "silent.wav")
    keeper = os.open(tmp_path / "silent.wav", os.O_RDWR)  # so that opening it ends, and reading never does
    arguments: list[str | Path] = ["-i", tmp_path / "silent.wav", tmp_path / "out.wav"]
    begun = time.monotonic()
    try:
        with pytest.raises(FfmpegFailed, match="stood still for 1 s"):
            ffmpeg.run_ffmpeg(arguments, timeout_s=60, stalled_s=1, on_progress=lambda _s: None)
    finally:
        os.close(keeper)
    assert time.monotonic() - begun < 10


def test_what_goes_on_slowly_does_not_stand_still(tmp_path: Path) -> None:
    slow: list[str | Path] = ["-re", *TONE, tmp_path / "out.wav"]
    ffmpeg.run_ffmpeg(slow, timeout_s=60, stalled_s=2, on_progress=lambda _s: None)
    assert (tmp_path / "out.wav").stat().st_size > 1_000


def test_memory_is_limited(tmp_path: Path) -> None:
    with pytest.raises(FfmpegFailed):
        ffmpeg.run_ffmpeg([*TONE, tmp_path / "out.wav"], timeout_s=120, memory_bytes=20_000_000)


def test_a_named_program_that_is_not_there_is_refused() -> None:
    with override_settings(FFMPEG="/nowhere/ffmpeg"), pytest.raises(FfmpegFailed, match="no program"):
        ffmpeg.find_ffmpeg()


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ffmpeg._find.cache_clear()


@pytest.mark.usefixtures("empty_path")
def test_without_a_system_ffmpeg_the_wheel_has_one() -> None:
    assert "imageio_ffmpeg" in str(ffmpeg.find_ffmpeg())
