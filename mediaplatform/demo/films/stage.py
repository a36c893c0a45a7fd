"""Frames of 1280 x 720 drawn at half as much again, so that edges are smooth; and their way into an MP4."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mediaplatform.demo.sound.studio import Stereo
from mediaplatform.demo.sound.voices import RATE

WIDTH, HEIGHT, FRAMES_A_SECOND = 1280, 720, 12
SCALE = 1.5
Point = tuple[float, float]


class Frame:
    """A canvas in film pixels: (0, 0) is the top left, (1280, 720) the bottom right."""

    def __init__(self, colour: str) -> None:
        self.image = Image.new("RGB", (int(WIDTH * SCALE), int(HEIGHT * SCALE)), colour)
        self.pen = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        if len(points) > 2:
            self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self.pen.ellipse(box, fill=colour)

    def stroke(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line with round joints and ends."""
        if len(points) < 2:
            return
        self.pen.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=colour,
            width=round(width * SCALE),
            joint="curve",
        )
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def title(self, x: float, y: float, text: str, colour: str, size: int, *, weight: str = "Black") -> None:
        """Write a line of text whose baseline begins at (x, y)."""
        self.pen.text(
            (x * SCALE, y * SCALE), text, fill=colour, font=_font(weight, round(size * SCALE)), anchor="ls"
        )

    def pixels(self) -> np.ndarray:
        return np.asarray(self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


@functools.cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    spec = find_spec("font_source_serif_pro")
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else Path()
    return ImageFont.truetype(str(folder / f"SourceSerifPro-{weight}.otf"), size)


def ease(progress: float) -> float:
    """Return 0 to 1 with a soft start and stop, for progress from 0 to 1 (clipped)."""
    p = min(max(progress, 0.0), 1.0)
    return p * p * (3 - 2 * p)


def shoot(
    path: Path, *, draw: Callable[[float], Frame], seconds: float, sound: Stereo, title: str, artist: str
) -> None:
    """Write an H.264/AAC MP4: `draw(t)` for each frame, t in seconds; the sound is cut or padded to fit."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as film:
        film.metadata.update({"title": title, "artist": artist})
        video = film.add_stream(
            "libx264",
            rate=FRAMES_A_SECOND,
            options={"crf": "19", "preset": "veryfast", "tune": "animation", "threads": "1"},
        )
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = film.add_stream("aac", rate=RATE, layout="stereo", bit_rate=160_000)
        for number in range(int(seconds * FRAMES_A_SECOND)):
            frame = av.VideoFrame.from_ndarray(draw(number / FRAMES_A_SECOND).pixels(), format="rgb24")
            film.mux(video.encode(frame))
        film.mux(video.encode(None))
        _add_sound(film, audio, sound, seconds)


def _add_sound(
    film: av.container.OutputContainer, audio: av.AudioStream, sound: Stereo, seconds: float
) -> None:
    count = int(seconds * RATE)
    track = np.zeros((2, count), dtype=np.float32)
    track[:, : sound.shape[1]] = sound[:, :count]
    fade = min(RATE, count)
    track[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    for start in range(0, count, 1024):
        block = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(track[:, start : start + 1024]), format="fltp", layout="stereo"
        )
        block.sample_rate, block.pts = RATE, start
        film.mux(audio.encode(block))
    film.mux(audio.encode(None))
