"""Films: H.264 in steps up to 1,080 lines, each sound in AAC, captions, a poster and thumbnails (HLS, RFC 8216)."""

from __future__ import annotations

import io
import itertools
import json
import math
from pathlib import Path

import av

from catalog.packaging import cover, film_sounds, hls, hls_check, ladder, loudness
from catalog.packaging.faults import PackageFault
from catalog.packaging.film import Film, look_at
from catalog.packaging.film_sounds import Sound, Words
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure.ffmpeg import FfmpegFailed, run_ffmpeg
from mediaplatform.infrastructure.said import say as _

ENCODED = 0.9
SLOWEST = 16  # ffmpeg may take so many times the film's length, and two minutes
POSTER, FACTS, THUMBNAILS = "poster.webp", "film.json", "thumbnails.vtt"
CODECS_AT = 5  # bytes from the name of an avcC box to its profile, and what follows
LARGE_ENOUGH = "scale=w='max(iw,iw*240/min(iw,ih))':h=-2"  # for a cover
THUMB_WIDTH, SHEET_SIDE, MOST_THUMBS, LEAST_STEP_S = 160, 5, 100, 2


def build(material: Material, folder: Path, report: Report) -> Built:
    """Encode every quality, sound and thumbnail in one process; hear, check, and write what names them.

    Raises:
        PackageFault: `not_decodable`, `truncated`, `bad_captions` or `bad_package`.
    """
    film = look_at(material.path)
    sounds, words = film_sounds.list_sounds(material, film), film_sounds.list_words(material, film)
    steps = ladder.steps_for(film.height)
    try:
        run_ffmpeg(
            _arguments(material, folder, film, sounds),
            timeout_s=120 + SLOWEST * film.duration_s,
            on_progress=lambda done_s: report(ENCODED * min(done_s / film.duration_s, 1)),
        )
        said = _hear(sounds, film) if sounds else ""
        poster = _poster(material.path, folder, film)
    except FfmpegFailed as error:
        raise PackageFault("not_decodable", _("The film can't be decoded."), detail=str(error)) from error
    rates = _sound_rates(steps)
    pictures = [
        hls.measure(folder, _rung(folder, step.height, film_sounds.sound_group(kbit) if sounds else ""))
        for step, kbit in zip(steps, rates, strict=True)
    ]
    duration_s = pictures[0].duration_s
    if film.duration_s - duration_s > max(2.0, 0.02 * film.duration_s):
        message = _("The film breaks off after %(seen).0f of %(declared).0f seconds.")
        raise PackageFault("truncated", message % {"seen": duration_s, "declared": film.duration_s})
    hls.check_rungs(folder, pictures, expected_s=duration_s, has_video=True)
    renditions = _measure_sounds(folder, sounds, rates, expected_s=duration_s)
    for one in words:
        film_sounds.write_words(folder, one, duration_s=duration_s)
    renditions += [film_sounds.words_rendition(one) for one in words]
    hls.write_master(folder, pictures, renditions)
    _write_thumbnails(folder, duration_s=duration_s)
    hls_check.check_package(folder)
    facts = _facts(sounds, words, height=steps[-1].height)
    _write_facts(folder, facts, renditions)
    level, peak = loudness.read_summary(said)
    report(1)
    return Built(duration_s=duration_s, loudness_lufs=level, true_peak_dbtp=peak, cover=poster, facts=facts)


def _sound_rates(steps: list[ladder.Step]) -> list[int]:
    """Return the kbit/s of the sound beside each quality."""
    return [ladder.sound_kbit(step, is_highest=step == steps[-1]) for step in steps]


def _measure_sounds(
    folder: Path, sounds: list[Sound], rates: list[int], *, expected_s: float
) -> list[hls.Rendition]:
    """Check every sound in every rate, and return them as the master names them, the lightest group first.

    Raises:
        PackageFault: `bad_package`.
    """
    renditions = []
    for kbit in dict.fromkeys(rates):
        names = [film_sounds.sound_folder(one, kbit) for one in sounds]
        heard = [hls.measure(folder, hls.Rung(name=name, codecs=hls.SOUND_CODEC)) for name in names]
        if heard:
            hls.check_rungs(folder, heard, expected_s=expected_s, has_video=False)
        renditions += [
            film_sounds.sound_rendition(
                sound, kbit=kbit, is_default=at == 0, peak_bandwidth=measured.peak_bandwidth
            )
            for at, (sound, measured) in enumerate(zip(sounds, heard, strict=True))
        ]
    return renditions


def _arguments(material: Material, folder: Path, film: Film, sounds: list[Sound]) -> list[str | Path]:
    """Return ffmpeg's options. Sounds end with the picture: a shorter one is followed by silence."""
    inputs = list(dict.fromkeys([material.path, *(sound.path for sound in sounds)]))
    arguments: list[str | Path] = ["-v", "info"]
    for path in inputs:
        arguments += ["-i", path]
    for step in ladder.steps_for(film.height):
        (folder / f"h{step.height}").mkdir()
        arguments += [
            "-map", "0:v:0", "-an", "-vf", f"scale=-2:{step.height},format=yuv420p", "-c:v", "libx264",
            "-preset", "veryfast", "-crf", "23", "-maxrate", f"{step.kbit}k", "-bufsize", f"{step.kbit * 2}k",
            "-force_key_frames", f"expr:gte(t,n_forced*{hls.SEGMENT_S})", "-sc_threshold", "0",
            "-map_metadata", "-1", "-fflags", "+bitexact",
            *hls.output_options(folder / f"h{step.height}"),
        ]  # fmt: skip
    rates = dict.fromkeys(_sound_rates(ladder.steps_for(film.height)))
    for sound, kbit in itertools.product(sounds, rates):
        target = folder / film_sounds.sound_folder(sound, kbit)
        target.mkdir()
        arguments += [
            "-map", f"{inputs.index(sound.path)}:a:{sound.index}", "-vn", "-af", "apad", "-t", f"{film.duration_s:.3f}",
            "-c:a", "aac", "-b:a", f"{kbit}k", "-ac", "2", "-ar", "48000", "-map_metadata", "-1",
            "-fflags", "+bitexact", "-flags:a", "+bitexact",
            *hls.output_options(target),
        ]  # fmt: skip
    step_s = thumbnail_step(film.duration_s)
    sheets = f"fps=1/{step_s},scale={THUMB_WIDTH}:-2,tile={SHEET_SIDE}x{SHEET_SIDE}"
    arguments += ["-map", "0:v:0", "-an", "-vf", sheets, "-q:v", "4", folder / "thumbs_%02d.jpg"]
    return arguments


def _hear(sounds: list[Sound], film: Film) -> str:
    """Measure the first sound's loudness, and return what ffmpeg said.

    In a process of its own: beside the picture, ffmpeg's branches can wait for each other without end (2 pictures a
    second with sound at 8 kHz did).
    """
    arguments: list[str | Path] = ["-v", "info", "-i", sounds[0].path, "-map", f"0:a:{sounds[0].index}"]
    arguments += ["-af", loudness.FILTER, "-f", "null", "-"]
    return run_ffmpeg(arguments, timeout_s=120 + film.duration_s)


def thumbnail_step(duration_s: float) -> int:
    """Return the seconds between thumbnails, so that there are a hundred at most: 90 minutes -> 54."""
    return max(LEAST_STEP_S, math.ceil(duration_s / MOST_THUMBS))


def _write_thumbnails(folder: Path, *, duration_s: float) -> None:
    """Write where in which sheet each moment's picture is, as players read it: WebVTT with media fragments."""
    sheets = sorted(folder.glob("thumbs_*.jpg"))
    if not sheets:
        raise PackageFault("bad_package", _("A picture is missing."), detail=THUMBNAILS)
    from PIL import Image

    with Image.open(sheets[0]) as sheet:
        width, height = sheet.width // SHEET_SIDE, sheet.height // SHEET_SIDE
    step_s, per_sheet = thumbnail_step(duration_s), SHEET_SIDE**2
    parts = ["WEBVTT\n"]
    for number in range(min(math.ceil(duration_s / step_s), len(sheets) * per_sheet)):
        sheet_at, place = divmod(number, per_sheet)
        x, y = place % SHEET_SIDE * width, place // SHEET_SIDE * height
        end_s = min((number + 1) * step_s, duration_s)
        area = f"{sheets[sheet_at].name}#xywh={x},{y},{width},{height}"
        parts.append(f"{_clock(number * step_s)} --> {_clock(end_s)}\n{area}\n")
    (folder / THUMBNAILS).write_text("\n".join(parts), "utf-8")


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _facts(sounds: list[Sound], words: list[Words], *, height: int) -> dict[str, object]:
    return {
        "height": height,
        "sounds": [one.language for one in sounds if not one.is_description],
        "descriptions": [one.language for one in sounds if one.is_description],
        "captions": [one.language for one in words],
    }


def _write_facts(folder: Path, facts: dict[str, object], renditions: list[hls.Rendition]) -> None:
    """Write what the player shows beside the stream: captions to read as a transcript, thumbnails."""
    captions = [
        {"language": one.language, "label": one.label, "href": f"{one.name}/{film_sounds.CAPTIONS}"}
        for one in renditions
        if one.kind == "SUBTITLES"
    ]
    film = {"height": facts["height"], "thumbnails": THUMBNAILS, "captions": captions}
    (folder / FACTS).write_text(json.dumps(film, ensure_ascii=False, indent=1), "utf-8")


def _rung(folder: Path, height: int, sound_group: str) -> hls.Rung:
    """Read a quality's codec and size from its init file: the original may be turned, or its pixels not square."""
    init = folder / f"h{height}" / hls.INIT
    with av.open(str(init)) as container:
        picture = container.streams.video[0].codec_context
        size = f"{picture.width}x{picture.height}"
    codecs = avc_codec(init.read_bytes())
    attributes = f"RESOLUTION={size}"
    return hls.Rung(name=f"h{height}", codecs=codecs, attributes=attributes, sound_group=sound_group)


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
    """Write a picture of a tenth into the film as the poster, and return it as PNG; small films' are enlarged."""
    picture = folder / "poster.png"
    arguments: list[str | Path] = [
        "-v",
        "error",
        "-ss",
        f"{film.duration_s / 10:.2f}",
        "-i",
        source,
        "-frames:v",
        "1",
    ]
    run_ffmpeg([*arguments, "-vf", LARGE_ENOUGH, picture], timeout_s=60)
    data = picture.read_bytes()
    picture.unlink()
    out = io.BytesIO()
    cover.read_picture(data).save(out, "WEBP", quality=cover.QUALITY)
    (folder / POSTER).write_bytes(out.getvalue())
    return data


RECIPE = Recipe(name="hls-video", version=3, queue="video", entry=hls.MASTER, build=build)
