"""Instruments that hold their notes: bows, reeds, pads, pulses, a whistle. Same contract as `voices`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplatform.demo.sound.voices import (
    TAU,
    Sound,
    clock,
    fade,
    frequency,
    harmonics,
    kept,
    level,
    spectrum,
)


def _vibrato(
    t: NDArray[np.float64], hz: float, *, rate_hz: float, cents: float, delay_s: float
) -> NDArray[np.float64]:
    """Return the phase of a note whose vibrato begins after `delay_s`."""
    depth = (2 ** (cents / 1200) - 1) * np.clip((t - delay_s) / 0.4, 0, 1)
    return TAU * hz * t - hz / rate_hz * depth * np.cos(TAU * rate_hz * t)


@kept
def bowed(midi: int, seconds: float, velocity: float) -> Sound:
    """A bowed string: a softened saw through the ribs of a wooden body, two players a few cents apart."""
    hz, t = frequency(midi), clock(seconds + 0.18)
    weights = spectrum(hz, 1.15, most=22)
    overtones = hz * np.arange(1, weights.size + 1)
    body = 0.35 + np.exp(-(((overtones - 480) / 260) ** 2)) + 0.8 * np.exp(-(((overtones - 1150) / 420) ** 2))
    weights *= body / (1 + (overtones / 4200) ** 2)
    one = harmonics(_vibrato(t, hz, rate_hz=5.3, cents=14, delay_s=0.25), weights)
    two = harmonics(_vibrato(t, hz * 1.0017, rate_hz=4.9, cents=11, delay_s=0.3) + 1.0, weights)
    swell = 0.8 + 0.2 * np.sin(np.pi * np.clip(t / max(seconds, 0.1), 0, 1))
    rosin = 0.03 * np.abs(one) * np.random.default_rng(midi).standard_normal(t.size).astype(np.float32)
    return level(
        fade((one + 0.8 * two + rosin) * swell, attack_s=min(0.12, seconds / 3), release_s=0.22), velocity
    )


@kept
def reed(midi: int, seconds: float, velocity: float) -> Sound:
    """A small accordion or harmonium: two reeds that beat slowly."""
    hz, t = frequency(midi), clock(seconds + 0.1)
    weights = spectrum(hz, 1.05, most=16)
    weights[1::2] *= 0.6
    weights /= 1 + (hz * np.arange(1, weights.size + 1) / 2600) ** 2
    pair = harmonics(TAU * hz * t, weights) + harmonics(TAU * (hz + 1.9) * t, weights)
    return level(fade(pair, attack_s=0.05, release_s=0.12), velocity)


@kept
def pad(midi: int, seconds: float, velocity: float) -> Sound:
    """Four detuned voices that open slowly: no attack, long release."""
    hz, t = frequency(midi), clock(seconds + 2.2)
    weights = spectrum(hz, 1.9, most=10)
    voices = sum(
        harmonics(TAU * hz * (1 + cents / 1731) * t + cents, weights) for cents in (-6.0, -2.0, 3.0, 7.0)
    )
    return level(fade(np.asarray(voices), attack_s=min(1.8, seconds / 2), release_s=2.4), velocity)


@kept
def sines(midi: int, seconds: float, velocity: float) -> Sound:
    """Glass: three near sines, for drones."""
    hz, t = frequency(midi), clock(seconds + 2.5)
    beat = sum(np.sin(TAU * (hz + d) * t) for d in (-0.21, 0.0, 0.34)) + 0.3 * np.sin(TAU * 2 * hz * t)
    return level(fade(np.asarray(beat), attack_s=seconds * 0.4, release_s=2.5 + seconds * 0.2), velocity)


@kept
def whistle(midi: int, seconds: float, velocity: float) -> Sound:
    """Somebody whistling: a sine, a breath, a late vibrato."""
    hz, t = frequency(midi), clock(seconds + 0.05)
    phase = _vibrato(t, hz, rate_hz=5.6, cents=18, delay_s=0.12) - 9 * np.exp(-t / 0.02)
    breath = 0.02 * np.random.default_rng(midi).standard_normal(t.size)
    return level(
        fade(np.sin(phase) + 0.08 * np.sin(2 * phase) + breath, attack_s=0.035, release_s=0.06), velocity
    )


@kept
def horn(midi: int, seconds: float, velocity: float) -> Sound:
    """A fog horn, or a tuba on a good day: brightness swells with the breath."""
    hz, t = frequency(midi), clock(seconds + 0.15)
    weights = spectrum(hz, 1.3, most=14)
    dullness = 0.25 + 0.5 * np.exp(-t / 0.09) + 0.3 * np.clip((t - seconds * 0.7) / 0.5, 0, 1)
    return level(fade(harmonics(TAU * hz * t, weights, dullness), attack_s=0.04, release_s=0.15), velocity)


def _pulse(midi: int, seconds: float, velocity: float, duty: float, most: int) -> Sound:
    hz, t = frequency(midi), clock(seconds)
    weights = spectrum(hz, 1.0, most=most)
    weights *= np.sin(np.pi * duty * np.arange(1, weights.size + 1))
    phase = _vibrato(t, hz, rate_hz=6.2, cents=12, delay_s=0.22)
    return level(fade(harmonics(phase, weights), attack_s=0.002, release_s=0.015), velocity)


@kept
def square(midi: int, seconds: float, velocity: float) -> Sound:
    """The lead of an old console: half the cycle up."""
    return _pulse(midi, seconds, velocity, 0.5, 24)


@kept
def thin(midi: int, seconds: float, velocity: float) -> Sound:
    """The same chip with a narrow pulse: reedy, for arpeggios."""
    return _pulse(midi, seconds, velocity, 0.125, 20)


@kept
def triangle(midi: int, seconds: float, velocity: float) -> Sound:
    """The chip's bass channel, with its sixteen steps."""
    t = clock(seconds)
    ramp = np.abs(((frequency(midi) * t) % 1.0) * 4 - 2) - 1
    return level(fade(np.round(ramp * 7.5) / 7.5, attack_s=0.003, release_s=0.02), velocity)


@kept
def sub(midi: int, seconds: float, velocity: float) -> Sound:
    """A round electronic bass: a sine pushed until it growls a little."""
    hz, t = frequency(midi), clock(seconds + 0.05)
    return level(
        fade(np.tanh(2.2 * np.sin(TAU * hz * t) * np.exp(-0.9 * t)), attack_s=0.006, release_s=0.06), velocity
    )


@kept
def stab(midi: int, seconds: float, velocity: float) -> Sound:
    """A synthesiser chord note whose filter closes quickly."""
    hz, t = frequency(midi), clock(seconds + 0.25)
    weights = spectrum(hz, 0.9, most=18)
    closing = (0.06 + 0.5 * (1 - np.exp(-t / 0.16))) * (hz / 260) ** 0.3
    pair = harmonics(TAU * hz * t, weights, closing) + harmonics(TAU * hz * 1.004 * t, weights, closing)
    return level(fade(pair * np.exp(-2.2 * t), attack_s=0.004, release_s=0.2), velocity)
