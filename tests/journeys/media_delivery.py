"""One small work of each medium, in one folder: a track, a film with captions and two sounds, books, a game."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PIL import Image

from mediaplatform.infrastructure import ffmpeg
from tests.factories.catalog import write_epub, write_pdf, write_sheet

ARTIST = "Lise Morel"
FILM_S = 12
CUT = 317_003  # where the album's one tone is cut into two tracks, in samples of 44,100 a second
CAPTION = "La rivière monte."
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head><title>Un</title></head><body>'
    "<h1>Premier chapitre</h1><p>Il pleut sur le pont de pierre.</p></body></html>"
)
GAME = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Jeu</title></head><body>
<button id="more">Plus</button><output id="score"></output><canvas id="board" width="200" height="200"></canvas>
<script src="game.js"></script></body></html>"""
GAME_JS = """
const show = () => { document.getElementById("score").textContent = localStorage.getItem("score") || "0"; };
document.getElementById("more").addEventListener("click", () => {
  localStorage.setItem("score", String(Number(localStorage.getItem("score") || 0) + 1));
  show();
});
const board = document.getElementById("board").getContext("2d");
board.fillStyle = "#7a2e1d";
board.fillRect(20, 20, 100, 100);
show();
"""
THREADS_JS = """
const memory = new Int32Array(new SharedArrayBuffer(4));
const work = "onmessage = ({ data }) => Atomics.store(data, 0, 42);";
new Worker(URL.createObjectURL(new Blob([work], { type: "text/javascript" }))).postMessage(memory);
const shared = document.body.appendChild(document.createElement("output"));
shared.id = "shared";
setInterval(() => { shared.textContent = String(Atomics.load(memory, 0)); }, 100);
"""
WORKS: dict[str, dict[str, str]] = {
    "track": {"medium": "music", "release_kind": "single", "file": "track.flac", "release_title": "Le son"},
    "album": {
        "medium": "music", "release_kind": "album", "file": "first.flac", "release_title": "La suite",
        "resource_title": "Un",
    },
    "film": {
        "medium": "video", "release_kind": "film", "file": "film.mp4", "release_title": "Le film",
        "captions": "fr:fr.srt|en:en.vtt", "sound_tracks": "en:english.flac",
    },
    "epub": {"medium": "book", "release_kind": "book", "file": "book.epub", "release_title": "Le roman"},
    "pdf": {"medium": "book", "release_kind": "book", "file": "book.pdf", "release_title": "Le rapport"},
    "comic": {"medium": "book", "release_kind": "comic", "file": "comic.cbz", "release_title": "La planche"},
    "threads": {
        "medium": "game", "release_kind": "game", "file": "threads.zip", "release_title": "À plusieurs fils",
        "pegi": "3", "needs_threads": "yes",
    },
    "game": {"medium": "game", "release_kind": "game", "file": "game.zip", "release_title": "Le jeu", "pegi": "3"},
}  # fmt: skip


def write_media(folder: Path) -> Path:
    """Write the folder with its sheets; return it."""
    folder.mkdir(parents=True)
    _write_sheets(folder)
    _write_streams(folder)
    write_epub(folder / "book.epub", page=PAGE)
    write_pdf(folder / "book.pdf", pages=4)
    write_comic_pages(folder / "comic.cbz")
    with zipfile.ZipFile(folder / "game.zip", "w") as archive:
        archive.writestr("index.html", GAME)
        archive.writestr("game.js", GAME_JS)
    with zipfile.ZipFile(folder / "threads.zip", "w") as archive:
        archive.writestr("index.html", GAME.replace("game.js", "threads.js"))
        archive.writestr("threads.js", GAME_JS + THREADS_JS)
    return folder


def _write_sheets(folder: Path) -> None:
    shared = {
        "release_date": "2026-01-05", "label": "", "languages": "fr", "territories": "world", "min_age": "3",
        "available_from": "2026-01-05", "position": "1", "credits": f"{ARTIST}:main_artist",
    }  # fmt: skip
    delivery, rights = [], []
    for name, work in WORKS.items():
        row = {"release_ref": name, "resource_ref": f"{name}-1", "resource_title": work["release_title"]}
        delivery.append({**shared, **row, **work})
        rights.append(
            {"resource_ref": f"{name}-1", "payee": ARTIST, "share_bp": "10000", "valid_from": "2026-01-05"}
        )
    second = {"resource_ref": "album-2", "resource_title": "Deux", "file": "second.flac", "position": "2"}
    delivery.append({**shared, "release_ref": "album", **WORKS["album"], **second})
    rights.append({**rights[0], "resource_ref": "album-2"})
    write_sheet(folder / "delivery.csv", delivery)
    write_sheet(folder / "rights.csv", rights)
    home = {"kind": "person", "commune": "42095", "country": "FR"}
    write_sheet(folder / "parties.csv", [{"name": ARTIST, **home}])
    write_sheet(folder / "payees.csv", [{"legal_name": ARTIST, **home}])


def _write_streams(folder: Path) -> None:
    """Write the sounds and the picture: low tones in French, a high one in English."""
    film = f"testsrc2=s=426x240:r=25:d={FILM_S}"
    ffmpeg.run_ffmpeg(
        [
            "-v", "error", "-f", "lavfi", "-i", film, "-f", "lavfi", "-i", f"sine=f=220:d={FILM_S}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", folder / "film.mp4",
        ],
        timeout_s=300,
    )  # fmt: skip
    for name, hertz, seconds in (("track", 330, 15), ("english", 880, FILM_S)):
        tone = f"sine=frequency={hertz}:duration={seconds}"
        ffmpeg.run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", tone, folder / f"{name}.flac"], timeout_s=300)
    for name, part in (("first", f"end_sample={CUT}"), ("second", f"start_sample={CUT}")):
        tone = f"aevalsrc=0.5*sin(440*2*PI*t):s=44100:d=13,atrim={part},asetpts=N/SR/TB"
        ffmpeg.run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", tone, folder / f"{name}.flac"], timeout_s=300)
    (folder / "fr.srt").write_text(f"1\n00:00:00,200 --> 00:00:11,000\n{CAPTION}\n", "utf-8")
    (folder / "en.vtt").write_text("WEBVTT\n\n00:00.200 --> 00:11.000\nThe river is rising.\n", "utf-8")


def write_comic_pages(path: Path, *, pages: int = 4) -> Path:
    """Write a comic whose pages differ in colour."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1, pages + 1):
            out = io.BytesIO()
            Image.new("RGB", (600, 900), (60 * number % 255, 90, 130)).save(out, "JPEG")
            archive.writestr(f"page {number}.jpg", out.getvalue())
    return path
