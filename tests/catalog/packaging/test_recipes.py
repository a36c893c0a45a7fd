"""Each recipe on real files: what it makes plays, and what can't be made has a name."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import av
import pytest

from catalog.packaging import game_bundle, hls, hls_audio, hls_video, waveform, web_book
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Material
from tests.factories.catalog import PAGE, write_audio, write_epub, write_film, write_wave


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    return folder


def quiet(_part: float) -> None:
    """Nobody looks."""


@pytest.mark.parametrize("suffix", ["flac", "ogg", "mp3", "wav", "m4a"])
def test_a_recording_becomes_three_rungs_of_equal_cuts(tmp_path: Path, place: Path, suffix: str) -> None:
    options = ["-c:a", "libopus"] if suffix == "ogg" else []
    built = hls_audio.build(
        Material(write_audio(tmp_path / f"a.{suffix}", seconds=10, options=options)), place, quiet
    )
    rungs = [hls.measure(place, hls.Rung(name=name, codecs="")) for name in ("aac96", "aac160", "aac320")]
    assert [len(rung.segments) for rung in rungs] == [3, 3, 3]
    assert built.duration_s == pytest.approx(10, abs=0.15)
    assert len(built.waveform) == 200
    assert max(built.waveform) == 100


def test_the_master_names_bandwidth_above_each_measured_segment(tmp_path: Path, place: Path) -> None:
    hls_audio.build(Material(write_audio(tmp_path / "a.flac", seconds=10)), place, quiet)
    lines = (place / "master.m3u8").read_text().splitlines()
    said = [
        int(line.split("BANDWIDTH=")[1].split(",")[0])
        for line in lines
        if line.startswith("#EXT-X-STREAM-INF")
    ]
    rungs = [hls.measure(place, hls.Rung(name=name, codecs="")) for name in ("aac96", "aac160", "aac320")]
    heaviest = [max(size * 8 / seconds for _n, seconds, size in rung.segments[:-1]) for rung in rungs]
    assert all(told >= seen for told, seen in zip(said, heaviest, strict=True))
    assert lines.count("#EXT-X-INDEPENDENT-SEGMENTS") == 1
    assert said == sorted(said)


def test_loudness_is_that_of_a_known_sine(tmp_path: Path, place: Path) -> None:
    """A sine of amplitude 0.3 in both channels peaks at 20*log10(0.3) = -10.46 dBFS.

    ITU-R BS.1770 at 440 Hz, two channels: -11.1 LUFS.
    """
    built = hls_audio.build(Material(write_wave(tmp_path / "a.wav", seconds=5, level=0.3)), place, quiet)
    assert float(built.true_peak_dbtp or 0) == pytest.approx(-10.46, abs=0.2)
    assert float(built.loudness_lufs or 0) == pytest.approx(-11.1, abs=0.2)


def test_silence_has_no_loudness(tmp_path: Path, place: Path) -> None:
    built = hls_audio.build(Material(write_wave(tmp_path / "a.wav", seconds=2, level=0)), place, quiet)
    assert (built.loudness_lufs, built.waveform) == (None, (0,) * 200)


def test_an_embedded_cover_is_found(tmp_path: Path) -> None:
    write_wave(tmp_path / "a.wav", seconds=1)
    picture = ["-f", "lavfi", "-i", "color=red:s=300x300:d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1"]
    path = write_audio(
        tmp_path / "a.mp3", seconds=1, options=[*picture, "-disposition:v", "attached_pic", "-c:v", "mjpeg"]
    )
    assert (waveform.find_cover(path) or b"")[:2] == b"\xff\xd8"


def test_a_truncated_flac_is_named(tmp_path: Path, place: Path) -> None:
    whole = write_audio(tmp_path / "a.flac", seconds=20).read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PackageFault) as fault:
        hls_audio.build(Material(tmp_path / "cut.flac"), place, quiet)
    assert fault.value.code in {"truncated", "not_decodable"}


def test_noise_that_calls_itself_a_recording_is_named(tmp_path: Path, place: Path) -> None:
    (tmp_path / "a.flac").write_bytes(b"fLaC" + bytes(range(256)) * 200)
    with pytest.raises(PackageFault) as fault:
        hls_audio.build(Material(tmp_path / "a.flac"), place, quiet)
    assert fault.value.code == "not_decodable"


def test_a_film_becomes_the_rungs_under_its_height(tmp_path: Path, place: Path) -> None:
    built = hls_video.build(Material(write_film(tmp_path / "a.mp4", seconds=6, size="854x480")), place, quiet)
    master = (place / "master.m3u8").read_text()
    assert "RESOLUTION=428x240" in master or "RESOLUTION=426x240" in master
    assert "x480" in master
    assert "x720" not in master
    assert 'CODECS="avc1.' in master
    assert built.duration_s == pytest.approx(6, abs=0.2)
    assert (place / "poster.webp").read_bytes()[8:12] == b"WEBP"


def test_a_film_without_sound_and_smaller_than_the_ladder_is_packaged(tmp_path: Path, place: Path) -> None:
    from mediaplatform.infrastructure.ffmpeg import run_ffmpeg

    run_ffmpeg(
        ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:d=3", tmp_path / "a.mp4"], timeout_s=300
    )
    built = hls_video.build(Material(tmp_path / "a.mp4"), place, quiet)
    assert "mp4a" not in (place / "master.m3u8").read_text()
    assert built.loudness_lufs is None


def test_every_rung_of_a_film_can_be_decoded(tmp_path: Path, place: Path) -> None:
    hls_video.build(Material(write_film(tmp_path / "a.mp4", seconds=5)), place, quiet)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(
        b"".join(
            (place / "h240" / name).read_bytes() for name in ("init.mp4", "seg_00000.m4s", "seg_00001.m4s")
        )
    )
    with av.open(str(whole)) as container:
        assert sum(1 for _frame in container.decode(video=0)) == 125


def test_a_book_becomes_a_manifest_with_reading_order_and_contents(tmp_path: Path, place: Path) -> None:
    built = web_book.build(Material(write_epub(tmp_path / "a.epub")), place, quiet)
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["metadata"]["title"] == "Le pont"
    assert manifest["metadata"]["numberOfWords"] == 5
    assert manifest["readingOrder"] == [{"href": "OEBPS/one.xhtml", "type": "application/xhtml+xml"}]
    assert manifest["toc"] == [{"title": "Un", "href": "OEBPS/one.xhtml#top"}]
    assert manifest["metadata"]["conformsTo"] == "https://readium.org/webpub-manifest/profiles/epub"
    assert built.facts["accessibility"] == {"accessMode": ["textual"]}
    assert built.cover is not None
    assert (place / "OEBPS/one.xhtml").is_file()


HOSTILE_PAGES = {
    "script_in_book": [
        PAGE.replace("<p ", "<script>alert(1)</script><p "),
        PAGE.replace("<p ", '<p onclick="x()" '),
        PAGE.replace("<p ", '<a href=" java\tscript:x()">a</a><p '),
        PAGE.replace("<p ", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg><p '),
        PAGE.replace("<p ", '<iframe src="x.html"/><p '),
    ],
    "entity_in_book": ['<!DOCTYPE html [<!ENTITY a "b">]>' + PAGE],
    "bad_document": ["<html><p>", "not xml"],
}


@pytest.mark.parametrize(
    ("code", "page"), [(code, page) for code, pages in HOSTILE_PAGES.items() for page in pages]
)
def test_a_book_that_would_run_something_is_refused(
    tmp_path: Path, place: Path, code: str, page: str
) -> None:
    with pytest.raises(PackageFault) as fault:
        web_book.build(Material(write_epub(tmp_path / "a.epub", page=page)), place, quiet)
    assert fault.value.code == code


def test_billion_laughs_are_refused_quickly(tmp_path: Path, place: Path) -> None:
    bomb = "<!DOCTYPE html [" + '<!ENTITY a0 "ha">'
    bomb += (
        "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + "]>"
        + PAGE.replace("Il", "&a11;")
    )
    with pytest.raises(PackageFault) as fault:
        web_book.build(Material(write_epub(tmp_path / "a.epub", page=bomb)), place, quiet)
    assert fault.value.code in {"entity_in_book", "bad_document"}


@pytest.mark.parametrize("name", ["../escape.txt", "/etc/passwd", "a/../../b", "c:\\x", "a\\b"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path: Path, place: Path, name: str) -> None:
    with pytest.raises(PackageFault) as fault:
        web_book.build(Material(write_epub(tmp_path / "a.epub", extra={name: "x"})), place, quiet)
    assert fault.value.code == "path_refused"
    assert list(place.iterdir()) == []


def test_a_symbolic_link_in_an_archive_is_refused(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", "<!doctype html>")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackageFault) as fault:
        game_bundle.build(Material(path), place, quiet)
    assert fault.value.code == "link_refused"


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", "<!doctype html>")
        archive.writestr("big.txt", b"0" * 50_000_000)
    with pytest.raises(PackageFault) as fault:
        game_bundle.build(Material(path), place, quiet)
    assert fault.value.code == "too_large"
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code"), [("run.exe", "file_type_refused"), ("page.php", "file_type_refused")]
)
def test_a_game_holds_what_browsers_need_and_nothing_else(
    tmp_path: Path, place: Path, name: str, code: str
) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", "<!doctype html>")
        archive.writestr(name, "x")
    with pytest.raises(PackageFault) as fault:
        game_bundle.build(Material(path), place, quiet)
    assert fault.value.code == code


def test_a_game_in_a_folder_of_its_archive_moves_to_the_top(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("game-1.0/index.html", "<!doctype html>")
        archive.writestr("game-1.0/js/main.js", "1")
    game_bundle.build(Material(path), place, quiet)
    files = json.loads((place / "bundle.json").read_text())["files"]
    assert sorted(files) == ["index.html", "js/main.js", "mediaplatform-saves.js"]
    assert (place / "js/main.js").read_text() == "1"


SAVES = b'<script src="mediaplatform-saves.js"></script>'


@pytest.mark.parametrize(
    ("index", "made"),
    [
        (b"<!doctype html><HEAD lang=fr><script>", b"<!doctype html><HEAD lang=fr>" + SAVES + b"<script>"),
        (b"<!DOCTYPE html>\n<script>", b"<!DOCTYPE html>" + SAVES + b"\n<script>"),
        (b"\xef\xbb\xbf<!doctype html><header>", b"\xef\xbb\xbf<!doctype html>" + SAVES + b"<header>"),
        (b"<canvas>", SAVES + b"<canvas>"),
    ],
)
def test_a_games_page_gets_its_storage_before_its_own_scripts(index: bytes, made: bytes) -> None:
    assert game_bundle.with_saves(index) == made


def test_a_game_without_an_index_is_refused(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("main.html", "x")
    with pytest.raises(PackageFault) as fault:
        game_bundle.build(Material(path), place, quiet)
    assert fault.value.code == "index_missing"
