"""Rade: weather reports for two synthesisers and a harbour."""

from __future__ import annotations

import numpy as np

from mediaplatform.demo.sound.drums import surf
from mediaplatform.demo.sound.score import held, melody
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import horn, pad, sines
from mediaplatform.demo.sound.voices import bell, harp


def _sea(mix: Mix, *, seconds: float, gain: float, period_s: float) -> None:
    for side, pan in ((1, -0.8), (2, 0.8)):
        mix.place(surf(seconds, mix.seed + side, period_s=period_s), 0, gain=gain, pan=pan, room=0.1)


def avis_de_grand_frais() -> Stereo:
    """Gale warning: chords of D minor come in like long swells over the sea itself."""
    mix = Mix(beats=52, bpm=60, seed=41, tail_s=6)
    mix.play(pad, held("Dm9 Bbmaj9 Gm9 Dm9 C6 Bbmaj7", beats=9, centre=57), gain=0.16, pan=-0.3, room=0.7)
    mix.play(pad, held("Dm9 Bbmaj9 Gm9 Dm9 C6", beats=10, start=3, centre=69), gain=0.07, pan=0.4, room=0.9)
    mix.play(sines, melody("d2:18 bb1:12 g1:12 d2:10"), gain=0.3, room=0.2)
    _sea(mix, seconds=57, gain=0.2, period_s=8.5)
    return mix.finish(room_s=4.5, room=0.6, lufs=-18)


def bouee_cardinale() -> Stereo:
    """North buoy: bells whose periods never meet, in a lydian light."""
    mix = Mix(beats=54, bpm=60, seed=42, tail_s=6)
    for midi, period, start, pan in (
        (74, 7.3, 0, -0.6),
        (69, 5.1, 2.2, 0.5),
        (81, 9.7, 4, 0.1),
        (64, 11.9, 6, -0.2),
        (78, 13.1, 9, 0.7),
        (68, 17.2, 12, -0.7),
    ):
        for at in np.arange(start, 52, period):
            mix.place(bell(midi, 1.5, 0.5), float(at), gain=0.2, pan=pan, room=0.8)
    mix.play(sines, melody("d3+a3:20 e3+b3:16 d3+a3:18"), gain=0.16, pan=-0.2, room=0.5)
    mix.play(sines, melody("r:8 f#4:14 g#4:14 a4:14"), gain=0.08, pan=0.3, room=0.8)
    _sea(mix, seconds=59, gain=0.05, period_s=6.1)
    return mix.finish(room_s=5.5, room=0.7, lufs=-18)


def brume_corne_attente() -> Stereo:
    """Fog: two horns far apart, a harp on deck, nothing to be seen."""
    mix = Mix(beats=50, bpm=60, seed=43, looseness_s=0.02, tail_s=6)
    for at in (1, 17, 33):
        mix.place(horn(38, 3.6, 0.7), at, gain=0.28, pan=-0.5, room=1.2)
    for at in (9, 25, 41):
        mix.place(horn(45, 2.4, 0.5), at, gain=0.14, pan=0.7, room=1.6)
    mix.play(
        harp,
        melody("r:5 d5:1 a4 f4 e5:3 | r:6 c5:1 g4 e4 d5:4 | r:3 a4:1 e5 g5 f5:5 | r:2 e5:1 d5 a4 f4:6"),
        gain=0.22,
        pan=0.1,
        room=0.9,
    )
    mix.play(sines, melody("d2+a2:24 c2+g2:14 d2+a2:12"), gain=0.2, room=0.4)
    mix.play(pad, held("Dm11 Cadd9 Fmaj9 Dm11", beats=12, start=2, centre=62), gain=0.05, room=0.9)
    _sea(mix, seconds=55, gain=0.04, period_s=11)
    return mix.finish(room_s=6.0, room=0.8, lufs=-18.5)
