"""The shape of a recording, decoded once: its peaks for the player, its true length, its embedded cover."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import mutagen
import numpy as np
from numpy.typing import NDArray

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

BARS = 200
RATE = 8_000  # of the samples that peaks are taken from
BLOCK = 80  # samples a peak: 10 ms
TRUNCATED_S, TRUNCATED_PART = 1.0, 0.02


@dataclass(frozen=True, slots=True)
class Heard:
    """`samples` could be decoded, at the original's `sample_rate`; `bars` are 200 peaks, 0 to 100."""

    samples: int
    sample_rate: int
    bars: tuple[int, ...]
    cover: bytes | None

    @property
    def duration_s(self) -> float:
        return self.samples / self.sample_rate


def hear(source: Path) -> Heard:
    """Decode a recording from end to end.

    Raises:
        PackageFault: `not_decodable`, or `truncated` when it ends well before the length it declares.
    """
    peaks: list[NDArray[Any]] = []
    samples = 0
    try:
        with av.open(str(source), metadata_errors="replace") as container:
            stream = container.streams.audio[0]
            rate = stream.codec_context.sample_rate
            declared = _declared_length(container, stream, source)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(stream):
                samples += frame.samples
                peaks.extend(out.to_ndarray().reshape(-1) for out in resampler.resample(frame))
            peaks.extend(out.to_ndarray().reshape(-1) for out in resampler.resample(None))
    except (av.FFmpegError, mutagen.MutagenError, IndexError, ValueError) as error:
        raise PackageFault(
            "not_decodable", _("The recording can't be decoded."), detail=str(error)
        ) from error
    if not peaks:
        raise PackageFault("not_decodable", _("The recording holds no sound."))
    duration_s = samples / rate
    if declared - duration_s > max(TRUNCATED_S, TRUNCATED_PART * declared):
        message = _("The recording breaks off after %(heard).0f of %(declared).0f seconds.")
        raise PackageFault("truncated", message % {"heard": duration_s, "declared": declared})
    return Heard(samples, rate, draw_bars(np.concatenate(peaks)), find_cover(source))


def _declared_length(container: av.container.InputContainer, stream: av.AudioStream, source: Path) -> float:
    """Return the seconds that a recording's head promises; FFmpeg believes a WAV's size, not its head."""
    if container.format.name == "wav":
        return float(mutagen.File(source).info.length)
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0


def draw_bars(samples: NDArray[np.float32]) -> tuple[int, ...]:
    """Return 200 peaks from 0 to 100, the loudest being 100; silence gives zeros."""
    loud = np.abs(samples)
    edges = np.linspace(0, len(loud), BARS + 1).astype(int)
    highest = np.array([loud[a : max(b, a + 1)].max(initial=0.0) for a, b in pairwise(edges)])
    top = float(highest.max(initial=0.0))
    if top < 1e-6:  # noqa: PLR2004 - 120 dB below full scale
        return (0,) * BARS
    return tuple(int(value) for value in np.rint(highest / top * 100))


def find_cover(source: Path) -> bytes | None:
    """Return the picture embedded in a recording, if there is one."""
    try:
        with av.open(str(source), metadata_errors="replace") as container:
            pictures = [
                s for s in container.streams.video if s.codec_context.name in {"mjpeg", "png", "webp"}
            ]
            if not pictures:
                return None
            packet = next(iter(container.demux(pictures[0])), None)
            return bytes(packet) if packet is not None and packet.size else None
    except (av.FFmpegError, ValueError):
        return None
