"""Pitched instruments. Each returns one note as a mono float32 array at RATE, peak near its velocity.

Most are sums of harmonics: with z = exp((i*2*pi*f - d)*t) the k-th harmonic is z**k, so a whole spectrum is
one polynomial in z (Horner), and harmonic k fades k times as fast as the fundamental, as strings do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Voice = Callable[[int, float, float], Sound]
RATE = 44_100
HIGHEST_HZ = 15_000
TAU = 2 * np.pi


def frequency(midi: float) -> float:
    """Return Hz in equal temperament: 69 -> 440."""
    return float(440.0 * 2 ** ((midi - 69) / 12))


def clock(seconds: float) -> NDArray[np.float64]:
    """Return the time of each sample, in seconds."""
    return np.arange(max(int(seconds * RATE), 1)) / RATE


def fade(sound: NDArray[np.floating], *, attack_s: float, release_s: float) -> Sound:
    """Return the sound with a raised-cosine attack and release, so that it neither clicks in nor out."""
    shaped = np.array(sound, dtype=np.float32)
    for seconds, end in ((attack_s, slice(None)), (release_s, slice(None, None, -1))):
        length = min(max(int(seconds * RATE), 2), shaped.size)
        shaped[end][:length] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
    return shaped


def harmonics(
    phase: NDArray[np.float64], weights: NDArray[np.float64], decay: NDArray[np.float64] | float = 0.0
) -> Sound:
    """Return the sum of weights[k-1] * exp(-decay*k) * sin(k*phase); phase in radians, one value a sample."""
    z = np.exp(1j * phase - decay).astype(np.complex64)
    total = np.full(z.shape, np.complex64(weights[-1]))
    for weight in weights[-2::-1]:
        total *= z
        total += np.complex64(weight)
    return np.asarray((total * z).imag, dtype=np.float32)


def spectrum(hz: float, slope: float, *, most: int = 24) -> NDArray[np.float64]:
    """Return harmonic weights k**-slope, as many as stay below HIGHEST_HZ."""
    k = np.arange(1, max(2, min(most, int(HIGHEST_HZ / hz)) + 1), dtype=np.float64)
    return np.asarray(k**-slope, dtype=np.float64)


def level(sound: Sound, velocity: float) -> Sound:
    """Return the sound with its peak at `velocity`, locked against change, because notes are cached."""
    peak = float(np.abs(sound).max())
    out = (sound * np.float32(velocity / peak if peak else 0)).astype(np.float32)
    out.flags.writeable = False
    return out


def kept(voice: Voice) -> Voice:
    """Return the voice with its latest notes kept: pieces repeat them often."""
    cached = lru_cache(maxsize=160)(voice)

    def play(midi: int, seconds: float, velocity: float) -> Sound:
        return cached(midi, round(seconds, 2), round(velocity, 1) or 0.1)

    return play


def _noise(midi: int, count: int) -> NDArray[np.float64]:
    return np.random.default_rng(midi).standard_normal(count)


@kept
def guitar(midi: int, seconds: float, velocity: float) -> Sound:
    """Nylon string plucked near the rosette, with the thump of the body."""
    hz, t = frequency(midi), clock(max(seconds, 0.3) + 1.1)
    weights = spectrum(hz, 1.55 - 0.35 * velocity)
    weights *= np.abs(np.sin(np.pi * 0.19 * np.arange(1, weights.size + 1)))
    body = 0.12 * np.exp(-22 * t) * np.sin(TAU * 104 * t) + 0.06 * np.exp(-35 * t) * np.sin(TAU * 213 * t)
    string = harmonics(TAU * hz * t, weights, 0.75 * (hz / 200) ** 0.6 * t)
    return level(fade(string + body, attack_s=0.002, release_s=0.9), velocity)


@kept
def harp(midi: int, seconds: float, velocity: float) -> Sound:
    """Rounder than the guitar, plucked in the middle of the string: few even harmonics."""
    hz, t = frequency(midi), clock(seconds + 1.6)
    weights = spectrum(hz, 2.0, most=12)
    weights[1::2] *= 0.35
    return level(
        fade(harmonics(TAU * hz * t, weights, 0.9 * (hz / 300) ** 0.5 * t), attack_s=0.003, release_s=1.2),
        velocity,
    )


@kept
def upright(midi: int, seconds: float, velocity: float) -> Sound:
    """Double bass, pizzicato: a dark string, a finger, a wooden box."""
    hz, t = frequency(midi), clock(seconds + 0.25)
    weights = spectrum(hz, 1.5, most=14)
    weights[0] *= 1.3
    finger = 0.1 * _noise(midi, t.size) * np.exp(-260 * t)
    glide = TAU * hz * (t - 0.0012 * np.exp(-t / 0.04))
    return level(fade(harmonics(glide, weights, 1.15 * t) + finger, attack_s=0.004, release_s=0.2), velocity)


@kept
def piano(midi: int, seconds: float, velocity: float) -> Sound:
    """Two strings a hair apart, a soft felt hammer, louder notes brighter."""
    hz, t = frequency(midi), clock(seconds + 0.9)
    weights = spectrum(hz, 1.9 - 0.6 * velocity, most=18)
    weights[6::7] *= 0.2
    rate = 0.45 * (hz / 260) ** 0.55
    first = harmonics(TAU * hz * t, weights, rate * t)
    second = harmonics(TAU * hz * 1.0006 * t, weights, 2.2 * rate * t)
    hammer = 0.05 * velocity * np.exp(-90 * t) * np.sin(TAU * 180 * t)
    return level(fade(first + 0.7 * second + hammer, attack_s=0.004, release_s=0.7), velocity)


@kept
def tines(midi: int, seconds: float, velocity: float) -> Sound:
    """Electric piano: a sine whose phase a quick, fading tine disturbs."""
    hz, t = frequency(midi), clock(seconds + 0.6)
    tine = 0.5 * velocity * np.exp(-9 * t) * np.sin(TAU * hz * 7 * t)
    bark = 0.9 * velocity * np.exp(-2.2 * t) * np.sin(TAU * hz * t)
    tone = np.exp(-1.1 * (hz / 300) ** 0.4 * t) * np.sin(TAU * hz * t + bark + tine)
    return level(fade(tone, attack_s=0.003, release_s=0.5), velocity)


def _bars(
    midi: int, seconds: float, ratios: tuple[float, ...], fades: tuple[float, ...]
) -> NDArray[np.float64]:
    hz, t = frequency(midi), clock(seconds)
    parts = [
        np.exp(-rate * t) * np.sin(TAU * hz * ratio * t) / (1 + i) ** 1.3
        for i, (ratio, rate) in enumerate(zip(ratios, fades, strict=True))
        if hz * ratio < HIGHEST_HZ
    ]
    return np.asarray(np.sum(parts, axis=0))


@kept
def glockenspiel(midi: int, seconds: float, velocity: float) -> Sound:
    """Small steel bars."""
    bar = _bars(midi, max(seconds, 0.2) + 1.2, (1, 2.76, 5.4), (2.6, 6, 14))
    return level(fade(bar, attack_s=0.001, release_s=0.6), velocity)


@kept
def vibraphone(midi: int, seconds: float, velocity: float) -> Sound:
    """Aluminium bars over slowly turning fans."""
    bar = _bars(midi, seconds + 1.4, (1, 3.98, 9.9), (1.1, 4, 12))
    fans = 1 - 0.25 * (0.5 - 0.5 * np.cos(TAU * 4.6 * clock(seconds + 1.4)))
    return level(fade(bar * fans, attack_s=0.002, release_s=0.9), velocity)


@kept
def marimba(midi: int, seconds: float, velocity: float) -> Sound:
    """Rosewood: short, warm, a little knock."""
    bar = _bars(midi, max(seconds, 0.1) + 0.5, (1, 3.93, 9.2), (5.5, 16, 40))
    return level(fade(bar, attack_s=0.002, release_s=0.3), velocity)


@kept
def bell(midi: int, seconds: float, velocity: float) -> Sound:
    """A buoy's bell: frequency modulation by an irrational ratio, long and clouded."""
    hz, t = frequency(midi), clock(seconds + 3.0)
    bend = 2.4 * velocity * np.exp(-1.2 * t) * np.sin(TAU * hz * 1.414 * t)
    return level(
        fade(np.exp(-0.8 * t) * np.sin(TAU * hz * t + bend), attack_s=0.004, release_s=1.8), velocity
    )
