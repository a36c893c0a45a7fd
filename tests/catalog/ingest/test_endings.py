"""A file that was cut on its way is told from a whole one, whatever its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.ingest.endings import ends_early
from catalog.ingest.media_probe import NotMedia, probe_file
from mediaplatform.infrastructure.ffmpeg import run_ffmpeg
from tests.factories.catalog import write_audio, write_wave

TONE = ["-v", "error", "-f", "lavfi", "-i", "sine=f=330:r=8000:d=4"]
PICTURE = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=5:d=4", "-pix_fmt", "yuv420p"]
FILM = [*TONE, *PICTURE]
KINDS = {
    "wav": (TONE, "music"), "flac": (TONE, "music"), "mp3": (TONE, "music"), "ogg": (TONE, "music"),
    "m4a": ([*TONE, "-movflags", "+faststart"], "music"),
    "mp4": ([*FILM, "-movflags", "+faststart"], "video"), "mkv": (FILM, "video"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("whole")
    for kind, (arguments, _medium) in KINDS.items():
        run_ffmpeg([*arguments, folder / f"whole.{kind}"], timeout_s=60)
    return {kind: folder / f"whole.{kind}" for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_taken(kind: str, whole: dict[str, Path]) -> None:
    assert probe_file(whole[kind], medium=KINDS[kind][1]).duration_s == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_cut_is_refused(kind: str, whole: dict[str, Path], tmp_path: Path) -> None:
    cut = tmp_path / f"cut.{kind}"
    data = whole[kind].read_bytes()
    cut.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(NotMedia) as refused:
        probe_file(cut, medium=KINDS[kind][1])
    assert refused.value.code == "truncated"


def test_an_mp3_without_a_head_that_counts_its_frames_is_taken_as_long_as_it_is(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "bare.mp3", seconds=4)
    run_ffmpeg([*TONE, "-write_xing", "0", path], timeout_s=60)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    assert not ends_early(path, content_type="audio/mpeg")


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_wav_whose_writer_could_not_go_back_is_taken(size: int, tmp_path: Path) -> None:
    path = write_wave(tmp_path / "piped.wav", seconds=1)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)
    assert not ends_early(path, content_type="audio/wav")
