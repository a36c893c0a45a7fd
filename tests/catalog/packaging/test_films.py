"""Films with all that comes beside them, and packages that a player could not play."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.packaging import film, hls, hls_check, hls_video, ladder
from catalog.packaging.faults import PackageFault
from catalog.packaging.ladder import Step
from catalog.packaging.recipe import Material, Track
from mediaplatform.infrastructure.ffmpeg import run_ffmpeg
from tests.factories.catalog import write_audio, write_film

SRT = "1\n00:00:01,000 --> 00:00:02,000\nUn pont\n"


def quiet(_part: float) -> None:
    """Nobody looks."""


@pytest.mark.parametrize(
    ("height", "steps"),
    [
        (160, [Step(160, 400)]),
        (240, [Step(240, 400)]),
        (360, [Step(240, 400), Step(360, 800)]),
        (500, [Step(240, 400), Step(480, 1_200)]),
        (1_080, [Step(240, 400), Step(480, 1_200), Step(720, 2_800), Step(1_080, 5_000)]),
        (2_160, [Step(240, 400), Step(480, 1_200), Step(720, 2_800), Step(1_080, 5_000)]),
    ],
)
def test_the_ladder_follows_the_originals_height(height: int, steps: list[Step]) -> None:
    assert ladder.steps_for(height) == steps


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of 9 s with a dubbed sound of 5 s, a description, and captions in two languages."""
    place = tmp_path_factory.mktemp("film")
    source = write_film(place / "a.mp4", seconds=9, size="640x360")
    dub = write_audio(place / "en.flac", seconds=5)
    (place / "fr.srt").write_text(SRT)
    (place / "en.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nA bridge\n")
    tracks = (
        Track(kind="sound", language="en", path=dub),
        Track(kind="description", language="fr", path=dub),
        Track(kind="captions", language="fr", path=place / "fr.srt"),
        Track(kind="captions", language="en", path=place / "en.vtt"),
    )
    folder = place / "package"
    folder.mkdir()
    built = hls_video.build(Material(source, "fr", tracks), folder, quiet)
    assert built.facts == {
        "height": 360, "sounds": ["fr", "en"], "descriptions": ["fr"], "captions": ["fr", "en"],
    }  # fmt: skip
    return folder


def test_the_master_names_sounds_and_captions_by_language(package: Path) -> None:
    master = (package / "master.m3u8").read_text()
    media = re.findall(r'TYPE=(\w+),.*?NAME="([^"]+)",LANGUAGE="(\w+)",DEFAULT=(\w+)', master)
    sounds = [
        ("AUDIO", "français", "fr", "YES"),
        ("AUDIO", "English", "en", "NO"),
        ("AUDIO", "français (audiodescription)", "fr", "NO"),
    ]
    assert media == [
        *sounds,
        *sounds,
        ("SUBTITLES", "français", "fr", "NO"),
        ("SUBTITLES", "English", "en", "NO"),
    ]
    assert 'CHARACTERISTICS="public.accessibility.describes-video"' in master


def test_a_smaller_picture_has_a_lighter_sound(package: Path) -> None:
    master = (package / "master.m3u8").read_text()
    found = re.findall(r'BANDWIDTH=(\d+),AVERAGE.*?AUDIO="([\w-]+)",SUBTITLES="words"\n(h\d+)/', master)
    assert [(group, name) for _bits, group, name in found] == [("sound-64", "h240"), ("sound-128", "h360")]
    sounds = {
        kbit: hls.measure(package, hls.Rung(name=f"sound1-{kbit}", codecs="")).average_bandwidth
        for kbit in (64, 128)
    }
    assert 1.5 < sounds[128] / sounds[64] < 2.5
    for kbit, (bits, _group, name) in zip((64, 128), found, strict=True):
        picture = hls.measure(package, hls.Rung(name=name, codecs="")).peak_bandwidth
        sound = max(
            hls.measure(package, hls.Rung(name=f"sound{number}-{kbit}", codecs="")).peak_bandwidth
            for number in (1, 2, 3)
        )
        assert int(bits) == picture + sound


@pytest.mark.parametrize(
    ("height", "rates"), [(160, [128]), (240, [128]), (480, [64, 128]), (1080, [64, 128, 192, 192])]
)
def test_the_sound_follows_the_quality(height: int, rates: list[int]) -> None:
    steps = ladder.steps_for(height)
    assert [ladder.sound_kbit(step, is_highest=step == steps[-1]) for step in steps] == rates


def test_a_short_dub_is_followed_by_silence_to_the_films_end(package: Path) -> None:
    spans = [
        hls.measure(package, hls.Rung(name=name, codecs="")).duration_s
        for name in ("h240", "sound1-64", "sound2-64", "sound3-128")
    ]
    assert spans == pytest.approx([9, 9, 9, 9], abs=0.1)


def test_thumbnails_cover_the_film_without_a_hole(package: Path) -> None:
    text = (package / "thumbnails.vtt").read_text()
    times = re.findall(r"([\d:.]+) --> ([\d:.]+)", text)
    assert [end for _start, end in times[:-1]] == [start for start, _end in times[1:]]
    assert (times[0][0], times[-1][1]) == ("00:00:00.000", "00:00:09.000")
    assert re.findall(r"^thumbs_01.jpg#xywh=(\d+),0,160,90$", text, re.MULTILINE) == [
        "0", "160", "320", "480", "640",
    ]  # fmt: skip


def test_the_player_finds_captions_to_read(package: Path) -> None:
    said = json.loads((package / "film.json").read_text())
    assert [one["href"] for one in said["captions"]] == ["words1/captions.vtt", "words2/captions.vtt"]
    assert "Un pont" in (package / "words1/captions.vtt").read_text()


BREAKS: dict[str, Callable[[Path], object]] = {
    "a rendition's playlist is missing": lambda folder: (folder / "sound2-64/index.m3u8").unlink(),
    "a segment is missing": lambda folder: (folder / "h240/seg_00001.m4s").unlink(),
    "an init file is missing": lambda folder: (folder / "sound1-128/init.mp4").unlink(),
    "a bandwidth is too low": lambda folder: edit(folder, r"BANDWIDTH=\d+,", "BANDWIDTH=1000,"),
    "a group is not there": lambda folder: edit(folder, 'AUDIO="sound-64"', 'AUDIO="noise"'),
    "a group lacks a sound": lambda folder: edit(folder, '#EXT-X-MEDIA:.*sound2-128/index.m3u8"\n', ""),
    "two renditions of one name": lambda folder: edit(folder, 'NAME="English"', 'NAME="français"'),
    "two defaults": lambda folder: edit(folder, "DEFAULT=NO", "DEFAULT=YES"),
    "a segment is longer than its target": lambda folder: edit(
        folder, "TARGETDURATION:4", "TARGETDURATION:3", "h240/index.m3u8"
    ),
    "a playlist does not end": lambda folder: edit(folder, "#EXT-X-ENDLIST\n", "", "words1/index.m3u8"),
}


def edit(folder: Path, pattern: str, text: str, name: str = "master.m3u8") -> None:
    path = folder / name
    changed = re.sub(pattern, text, path.read_text())
    assert changed != path.read_text()
    path.write_text(changed)


@pytest.mark.parametrize("name", BREAKS)
def test_a_package_that_breaks_the_rules_is_found(package: Path, tmp_path: Path, name: str) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    hls_check.check_package(copy)
    BREAKS[name](copy)
    with pytest.raises(PackageFault, match=r".") as fault:
        hls_check.check_package(copy)
    assert fault.value.code == "bad_package"


def test_captions_of_a_longer_film_are_named(tmp_path: Path) -> None:
    (tmp_path / "fr.srt").write_text("1\n01:00:01,000 --> 01:00:02,000\nTrop tard\n")
    material = Material(
        write_film(tmp_path / "a.mp4", seconds=2),
        "fr",
        (Track(kind="captions", language="fr", path=tmp_path / "fr.srt"),),
    )
    (tmp_path / "package").mkdir()
    with pytest.raises(PackageFault) as fault:
        hls_video.build(material, tmp_path / "package", quiet)
    assert fault.value.code == "bad_captions"


def test_sounds_and_words_inside_the_film_are_found(tmp_path: Path) -> None:
    (tmp_path / "en.srt").write_text(SRT)
    inputs = [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x240:d=3", "-f", "lavfi", "-i", "sine=f=300:d=3",
        "-f", "lavfi", "-i", "sine=f=500:d=3", "-i", str(tmp_path / "en.srt"),
    ]  # fmt: skip
    maps = ["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:s", "srt", "-preset", "ultrafast"]
    languages = ["-metadata:s:a:0", "language=fre", "-metadata:s:a:1", "language=eng"]
    words = ["-metadata:s:s:0", "language=eng", str(tmp_path / "a.mkv")]
    run_ffmpeg([*inputs, *maps, *languages, *words], timeout_s=300)
    seen = film.look_at(tmp_path / "a.mkv")
    assert [one.language for one in seen.sounds] == ["fr", "en"]
    (tmp_path / "package").mkdir()
    built = hls_video.build(Material(tmp_path / "a.mkv"), tmp_path / "package", quiet)
    assert (built.facts["sounds"], built.facts["captions"]) == (["fr", "en"], ["en"])


def test_a_film_of_few_pictures_and_narrow_sound_is_packaged_and_heard(tmp_path: Path) -> None:
    """In one process with the loudness ffmpeg's branches waited for each other without end."""
    source, folder = tmp_path / "slides.mp4", tmp_path / "package"
    folder.mkdir()
    picture, tone = "color=c=teal:s=128x96:r=2:d=206", "sine=f=330:r=8000:d=206"
    inputs = ["-v", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
    run_ffmpeg([*inputs, "-preset", "ultrafast", source], timeout_s=60)
    built = hls_video.build(Material(source), folder, quiet)
    assert built.duration_s == pytest.approx(206, abs=0.5)
    assert built.loudness_lufs is not None


def test_the_loudness_of_a_silent_film_is_that_of_the_sound_delivered_beside_it(tmp_path: Path) -> None:
    source, folder = tmp_path / "mute.mp4", tmp_path / "package"
    folder.mkdir()
    run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", "testsrc=s=128x96:r=10:d=4", source], timeout_s=60)
    sound = Track(kind="sound", language="fr", path=write_audio(tmp_path / "fr.flac", seconds=4))
    built = hls_video.build(Material(source, "fr", (sound,)), folder, quiet)
    assert built.loudness_lufs is not None
