"""A finished piece as a file: WAV, FLAC, Ogg Opus or MP3, with its tags."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np

from mediaplatform.demo.sound.studio import Stereo
from mediaplatform.demo.sound.voices import RATE

# By suffix: codec, its sample format, its rate in Hz, bits a second.
CODECS = {
    "flac": ("flac", "s16", RATE, 0),
    "ogg": ("libopus", "flt", 48_000, 160_000),
    "mp3": ("libmp3lame", "s16p", RATE, 256_000),
}
BLOCK = 4096


def write_sound(path: Path, sound: Stereo, *, tags: Mapping[str, str]) -> None:
    """Write the piece in the format that the path's suffix names; WAV bears no tags.

    Raises:
        KeyError: another suffix.
    """
    samples = _sixteen_bits(sound)
    if path.suffix == ".wav":
        _write_wav(path, samples)
        return
    codec, layout, rate, bit_rate = CODECS[path.suffix[1:]]
    fit = av.AudioResampler(format=layout, layout="stereo", rate=rate)
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as out:
        out.metadata.update(tags)
        stream: av.AudioStream = out.add_stream(codec, rate=rate, layout="stereo")  # type: ignore[assignment]
        stream.codec_context.format = layout
        if bit_rate:
            stream.bit_rate = bit_rate
        for start in range(0, samples.shape[0], BLOCK):
            packed = np.ascontiguousarray(samples[start : start + BLOCK].reshape(1, -1))
            block = av.AudioFrame.from_ndarray(packed, format="s16", layout="stereo")
            block.sample_rate, block.pts = RATE, start
            for fitted in fit.resample(block):
                out.mux(stream.encode(fitted))
        for fitted in fit.resample(None):
            out.mux(stream.encode(fitted))
        out.mux(stream.encode(None))


def _sixteen_bits(sound: Stereo) -> np.ndarray:
    """Return interleavable int16 samples, shape (n, 2), with one bit of dither so that tails stay smooth."""
    dither = np.random.default_rng(0).random(sound.shape, dtype=np.float32) - 0.5
    return np.round(sound * 32_767 + dither).astype("<i2").T


def _write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.ascontiguousarray(samples).tobytes())
