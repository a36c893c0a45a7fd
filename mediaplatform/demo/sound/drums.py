"""Unpitched sounds made from noise and falling sines. Mono float32 at RATE, peak near 1."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mediaplatform.demo.sound.voices import RATE, TAU, Sound, clock, fade, level


def fft_length(count: int) -> int:
    """Return the smallest length >= count of the form 2**k * (1, 3, 5, 9, 15 or 27): quick to transform.

    1,000,001 -> 1,048,576.
    """
    return min(odd << max(0, (-(-count // odd) - 1).bit_length()) for odd in (1, 3, 5, 9, 15, 27))


def band(signal: NDArray[np.floating], *, low_hz: float, high_hz: float) -> NDArray[np.float32]:
    """Return what lies between two frequencies, with gentle (second-order) edges."""
    count = signal.shape[-1]
    size = fft_length(count)
    f = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / np.sqrt(1 + (low_hz / np.maximum(f, 1e-3)) ** 4) / np.sqrt(1 + (f / high_hz) ** 4)
    shaped = np.fft.rfft(signal.astype(np.float32), size) * gain.astype(np.float32)
    return np.asarray(np.fft.irfft(shaped, size)[..., :count], dtype=np.float32)


def _hiss(seconds: float, low_hz: float, high_hz: float, seed: int) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal(clock(seconds).size)
    return band(noise, low_hz=low_hz, high_hz=high_hz)


@cache
def kick(hz: float = 46.0, click: float = 0.3, seconds: float = 0.4) -> Sound:
    """A sine that falls onto `hz`."""
    t = clock(seconds)
    phase = TAU * (hz * t + 2.6 * (1 - np.exp(-t * 42)))
    beat = np.sin(phase) * np.exp(-t * 8.5) + click * _hiss(seconds, 900, 5000, 1) * np.exp(-t * 240)
    return level(fade(beat, attack_s=0.001, release_s=0.08), 1.0)


@cache
def snare(body_hz: float = 190.0, seconds: float = 0.28) -> Sound:
    """A skin and its wires."""
    t = clock(seconds)
    skin = np.sin(TAU * (body_hz * t + 0.35 * (1 - np.exp(-t * 60)))) * np.exp(-t * 24)
    wires = _hiss(seconds, 1200, 9000, 2) * np.exp(-t * 17)
    return level(fade(0.7 * skin + 0.8 * wires, attack_s=0.001, release_s=0.05), 1.0)


@cache
def hat(seconds: float = 0.06) -> Sound:
    """A closed hi-hat; the longer, the more open."""
    t = clock(seconds + 0.02)
    return level(
        fade(
            _hiss(seconds + 0.02, 6500, 13_000, 3) * np.exp(-t * 3.2 / seconds),
            attack_s=0.001,
            release_s=0.015,
        ),
        1.0,
    )


@cache
def clap(seconds: float = 0.25) -> Sound:
    """Several hands, nearly together."""
    t = clock(seconds)
    hands = np.exp(-t * 20) * 0.6
    for late in (0.0, 0.011, 0.023):
        hands = hands + np.where(t >= late, np.exp(-(t - late) * 180), 0)
    return level(fade(_hiss(seconds, 800, 3800, 4) * hands, attack_s=0.001, release_s=0.05), 1.0)


@cache
def rim(hz: float = 1700.0) -> Sound:
    """A stick on the rim, or a wood block when lower."""
    t = clock(0.09)
    return level(
        fade(
            np.exp(-t * 75) * (np.sin(TAU * hz * t) + 0.6 * np.sin(TAU * hz * 1.51 * t)),
            attack_s=0.001,
            release_s=0.02,
        ),
        1.0,
    )


@cache
def shaker(seconds: float = 0.09) -> Sound:
    """Seeds in a tin, pushed forward."""
    t = clock(seconds)
    return level(
        fade(_hiss(seconds, 4200, 9500, 5) * np.sin(np.pi * t / seconds) ** 2, attack_s=0.01, release_s=0.03),
        1.0,
    )


@cache
def brush(seconds: float = 0.5) -> Sound:
    """A wire brush drawn over the skin."""
    t = clock(seconds)
    sweep = np.sin(np.pi * (t / seconds) ** 0.7) ** 1.5
    return level(fade(_hiss(seconds, 1800, 6500, 6) * sweep, attack_s=0.03, release_s=0.1), 1.0)


@cache
def tap(seconds: float = 0.16) -> Sound:
    """A brush that falls on the skin."""
    t = clock(seconds)
    return level(fade(_hiss(seconds, 700, 5200, 7) * np.exp(-t * 30), attack_s=0.002, release_s=0.05), 1.0)


@cache
def ride(seconds: float = 0.9) -> Sound:
    """A cymbal touched lightly: metal partials under a little air."""
    t = clock(seconds)
    metal = sum(np.sin(TAU * f * t + f) for f in (3170.0, 4210.0, 5480.0, 6630.0, 7990.0, 9350.0))
    air = 1.6 * _hiss(seconds, 5200, 12_000, 8)
    return level(
        fade((np.asarray(metal) * 0.4 + air) * np.exp(-t * 5.5), attack_s=0.002, release_s=0.25), 1.0
    )


@cache
def tom(hz: float = 95.0) -> Sound:
    """A drum with a tone."""
    t = clock(0.5)
    return level(
        fade(
            np.sin(TAU * (hz * t + 0.5 * (1 - np.exp(-t * 25)))) * np.exp(-t * 8),
            attack_s=0.002,
            release_s=0.1,
        ),
        1.0,
    )


@cache
def blip(step: int = 1) -> Sound:
    """The chip's noise channel: the same random step held for `step` x 4 samples."""
    count = int(0.12 * RATE)
    held = np.repeat(np.random.default_rng(9).choice([-1.0, 1.0], count), 4 * step)[:count]
    return level(fade(held * np.exp(-np.arange(count) / RATE * 32), attack_s=0.001, release_s=0.01), 1.0)


def surf(seconds: float, seed: int, *, period_s: float = 9.0) -> NDArray[np.float32]:
    """Return waves on a shore: noise that darkens as it draws back. Peak near 1."""
    t = clock(seconds)
    wave = (0.5 - 0.5 * np.cos(TAU * t / period_s + seed)) ** 2.4
    low = _hiss(seconds, 90, 700, seed)
    high = _hiss(seconds, 900, 4500, seed + 1)
    sea = low * (0.35 + 0.65 * wave) + 0.8 * high * wave**2
    return np.asarray(sea / np.abs(sea).max(), dtype=np.float32)
