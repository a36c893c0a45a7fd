"""Where notes become a record: a stereo mix in beats, room, echo, loudness, limiter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mediaplatform.demo.sound.drums import band, fft_length
from mediaplatform.demo.sound.score import Note
from mediaplatform.demo.sound.voices import RATE, Sound, Voice

Stereo = NDArray[np.float32]  # shape (2, samples)
CEILING = 0.84  # -1.5 dBFS: what AAC adds in overshoot still fits


@dataclass
class Mix:
    """A stereo tape of `beats` at `bpm`, plus a tail for what rings on. Positions are in beats.

    `looseness_s` is how far a player may be early or late; the same seed plays the same way again.
    """

    beats: float
    bpm: float
    seed: int
    looseness_s: float = 0.0
    tail_s: float = 3.0
    dry: Stereo = field(init=False)
    send: Stereo = field(init=False)

    def __post_init__(self) -> None:
        count = int((self.beats * 60 / self.bpm + self.tail_s) * RATE)
        self.dry = np.zeros((2, count), dtype=np.float32)
        self.send = np.zeros((2, count), dtype=np.float32)
        self.chance = np.random.default_rng(self.seed)

    @property
    def beat_s(self) -> float:
        return 60 / self.bpm

    def place(
        self, sound: Sound, beat: float, *, gain: float = 1.0, pan: float = 0.0, room: float = 0.0
    ) -> None:
        """Add a sound at a beat. `pan` from -1 (left) to 1 (right), `room` is how much goes to the reverb."""
        late = self.chance.normal(0, self.looseness_s) if self.looseness_s else 0.0
        start = max(0, int((beat * self.beat_s + late) * RATE))
        sound = sound[: max(0, self.dry.shape[1] - start)]
        end = start + sound.size
        angle = (pan + 1) * np.pi / 4
        for channel, side in enumerate((np.cos(angle), np.sin(angle))):
            self.dry[channel, start:end] += sound * np.float32(gain * side)
            if room:
                self.send[channel, start:end] += sound * np.float32(gain * side * room)

    def play(
        self,
        voice: Voice,
        notes: Iterable[Note],
        *,
        gain: float = 0.5,
        pan: float = 0.0,
        room: float = 0.2,
        velocity: float = 0.7,
    ) -> None:
        """Play notes with a voice; each a little louder or softer than `velocity`."""
        for note in notes:
            touch = float(np.clip(velocity + self.chance.normal(0, 0.07), 0.2, 1.0))
            self.place(
                voice(note.midi, note.beats * self.beat_s, touch), note.beat, gain=gain, pan=pan, room=room
            )

    def beat_pattern(
        self,
        sound: Sound,
        pattern: str,
        *,
        bars: Iterable[int],
        gain: float,
        pan: float = 0.0,
        room: float = 0.05,
    ) -> None:
        """Repeat steps in each bar of four beats: `x` hits, `o` half as loud, anything else rests."""
        step = 4 / len(pattern)
        for bar in bars:
            for i, mark in enumerate(pattern):
                if mark in "xo":
                    self.place(
                        sound,
                        bar * 4 + i * step,
                        gain=gain * (1.0 if mark == "x" else 0.5),
                        pan=pan,
                        room=room,
                    )

    def echo(self, *, beats: float, feedback: float, level: float) -> None:
        """Repeat what was sent to the room so far, from side to side, darker each time."""
        delay = int(beats * self.beat_s * RATE)
        source = band(self.send, low_hz=180, high_hz=3200)
        for repeat in range(1, 6):
            shift = delay * repeat
            if shift >= source.shape[1]:
                break
            source = source[::-1]
            self.dry[:, shift:] += source[:, :-shift] * np.float32(level * feedback ** (repeat - 1))

    def finish(self, *, room_s: float, room: float, lufs: float, air: float = 0.8) -> Stereo:
        """Return the master: room added, treble lifted by `air`, at `lufs`, under CEILING."""
        mixed = self.dry + np.float32(room) * reverb(self.send, seconds=room_s, seed=self.seed)
        mixed = band(mixed, low_hz=28, high_hz=17_000) + np.float32(air) * band(
            mixed, low_hz=1800, high_hz=16_000
        )
        fade = np.linspace(1, 0, int(min(self.tail_s, 2.5) * RATE), dtype=np.float32) ** 2
        mixed[:, -fade.size :] *= fade
        return limit(mixed * np.float32(10 ** ((lufs - loudness(mixed)) / 20)))


def reverb(dry: Stereo, *, seconds: float, seed: int) -> Stereo:
    """Return only the room's answer: convolution with fading noise, a different wall on each side."""
    count = int(seconds * RATE)
    t = np.arange(count, dtype=np.float32) / RATE
    walls = np.random.default_rng(seed + 77).standard_normal((2, count)).astype(np.float32)
    walls = band(walls, low_hz=160, high_hz=4800) * np.exp(-6.0 * t / seconds) * np.minimum(t / 0.012, 1)
    walls /= np.sqrt((walls**2).sum(axis=1, keepdims=True))
    size = fft_length(dry.shape[1] + count)
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(walls.astype(np.float32), size), size)
    return np.asarray(wet[:, : dry.shape[1]], dtype=np.float32)


def loudness(sound: Stereo) -> float:
    """Return the integrated loudness in LUFS (ITU-R BS.1770-4: K weighting, 400 ms blocks, both gates).

    The two filters are applied as their magnitude over frequency, which is exact enough to set a level.
    A full-scale 1 kHz sine on both sides is close to 0 LUFS.
    """
    size = fft_length(sound.shape[1])
    f = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1e-3)
    shelf = np.sqrt((1 + 1.585**2 * (f / 1682) ** 4) / (1 + (f / 1682) ** 4))
    high_pass = (f / 38.1) ** 2 / np.sqrt((1 - (f / 38.1) ** 2) ** 2 + (f / 38.1 / 0.5) ** 2)
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * (shelf * high_pass).astype(np.float32), size)[
        :, : sound.shape[1]
    ]
    hop = int(0.1 * RATE)
    steps = (weighted[:, : weighted.shape[1] // hop * hop] ** 2).reshape(2, -1, hop).mean(axis=2).sum(axis=0)
    blocks = np.convolve(steps, np.full(4, 0.25), mode="valid")
    heard = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not heard.size:
        return -70.0
    loud = heard[heard > heard.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def limit(sound: Stereo) -> Stereo:
    """Return the sound with peaks turned down smoothly, 5 ms before they come, to stay under CEILING."""
    hop = int(0.005 * RATE)
    count = -(-sound.shape[1] // hop)
    padded = np.zeros((2, count * hop), dtype=np.float32)
    padded[:, : sound.shape[1]] = sound
    peaks = np.abs(padded).reshape(2, count, hop).max(axis=(0, 2))
    wide = np.pad(peaks, 8, mode="edge")
    around = np.max([wide[i : i + count] for i in range(17)], axis=0)
    gain = np.minimum(1.0, CEILING / np.maximum(around, 1e-9))
    gain = np.convolve(np.pad(gain, 6, mode="edge"), np.full(13, 1 / 13), mode="valid")
    curve = np.interp(np.arange(sound.shape[1]), np.arange(count) * hop + hop / 2, gain)
    return np.clip(sound * curve.astype(np.float32), -CEILING, CEILING)
