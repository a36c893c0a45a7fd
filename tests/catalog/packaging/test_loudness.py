"""The loudness of albums: the worked numbers, and the same as ffmpeg says of the recordings joined."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from catalog.models import Package
from catalog.packaging import album, hls_audio, loudness
from catalog.packaging.recipe import Material
from catalog.works import replay_gain
from mediaplatform.infrastructure.ffmpeg import run_ffmpeg
from tests.factories.catalog import make_release, write_audio, write_wave


def quiet(_part: float) -> None:
    """Nobody looks."""


def test_equally_many_blocks_of_two_levels_have_the_level_of_their_mean_power() -> None:
    assert loudness.integrate([{-200: 10}, {-300: 10}]) == Decimal("-22.6")


def test_what_lies_ten_below_the_mean_is_not_heard() -> None:
    assert loudness.integrate([{-200: 10}, {-400: 10}]) == Decimal("-20.0")


def test_silence_has_no_level() -> None:
    assert loudness.integrate([]) is None
    assert loudness.read_blocks("lavfi.r128.M=-120.691\nlavfi.r128.M=-70.0\n") == {}


def test_replay_gain_is_to_minus_18_and_peaks_are_linear() -> None:
    own = (Decimal("-12.5"), Decimal("-10.5"))
    tags = replay_gain.replay_gain(track=own, album=(Decimal("-15.1"), Decimal(-3)))
    assert tags == replay_gain.ReplayGain(
        track_gain_db=-5.5, track_peak=0.298538, album_gain_db=-2.9, album_peak=0.707946
    )
    assert replay_gain.replay_gain(track=(None, None), album=own) is None


def test_an_albums_level_is_what_ffmpeg_measures_of_its_recordings_joined(tmp_path: Path) -> None:
    loud = write_wave(tmp_path / "loud.wav", seconds=6, level=0.5)
    soft = write_wave(tmp_path / "soft.wav", seconds=9, level=0.2)
    blocks = []
    for source in (loud, soft):
        folder = tmp_path / source.stem
        folder.mkdir()
        blocks.append(hls_audio.build(Material(source), folder, quiet).facts["loudness_blocks"])
        assert not (folder / loudness.BLOCKS).exists()
    joined = f"[0][1]concat=v=0:a=1,{loudness.FILTER}"
    heard = run_ffmpeg(["-i", loud, "-i", soft, "-filter_complex", joined, "-f", "null", "-"], timeout_s=300)
    said, _peak = loudness.read_summary(heard)
    assert float(loudness.integrate(blocks) or 0) == pytest.approx(float(said or 0), abs=0.11)


def test_the_encoders_priming_and_padding_are_kept(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    built = hls_audio.build(
        Material(write_audio(tmp_path / "a.flac", seconds=10.3)), tmp_path / "package", quiet
    )
    gapless = built.facts["gapless"]
    assert gapless == {"sample_rate": 44_100, "delay": 1_024, "samples": 454_230, "padding": 426}
    assert (gapless["delay"] + gapless["samples"] + gapless["padding"]) % 1_024 == 0


@pytest.mark.django_db
def test_an_album_is_measured_over_the_newest_packages_of_its_tracks() -> None:
    release = make_release(tracks=2)
    Package.objects.update(facts={"loudness_blocks": {"-200": 10}})
    second = release.resources.get(position=2)
    second.packages.update(facts={"loudness_blocks": {"-300": 10}})
    second.true_peak_dbtp = Decimal("-2.5")
    second.save()
    album.measure_album(release_id=release.pk)
    release.refresh_from_db()
    assert (release.loudness_lufs, release.true_peak_dbtp) == (Decimal("-22.60"), Decimal("-2.50"))
