"""Kanal 9: slow, low, along the canal."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import clipped, held, melody, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import pad, reed, stab, sub
from mediaplatform.demo.sound.voices import guitar, tines


def ligne_d_eau() -> Stereo:
    """A one-drop in C minor: the third beat carries everything, the melodica drifts past."""
    mix = Mix(beats=72, bpm=76, seed=81, looseness_s=0.005, tail_s=4)
    chords = "Cm7 Cm7 Fm7 Cm7 Abmaj7 Gm7 Fm7 Gm7 Cm7 Cm7 Fm7 Cm7 Abmaj7 Gm7 Fm7 Gm7 Cm7"
    mix.play(
        stab,
        clipped(pick(chords, ". . 0+1+2 . . . 0+1+2 .", beats=4, centre=62), beats=0.2),
        gain=0.26,
        pan=0.35,
        room=0.5,
    )
    song = melody(
        "r:16 | g5:1.5 eb5:.5 c5:2 | r:1 bb4 d5 f5 | eb5:3 c5:1 | r:4 | g5:1.5 bb5:.5 c6:2 | r:1 bb5 g5 f5 | ab5:3 f5:1 | eb5:4 | c6:1.5 bb5:.5 g5:2 | r:1 f5 d5 bb4 | c5:4"
    )
    mix.play(reed, clipped(song, beats=1.6), gain=0.24, pan=-0.3, room=0.6)
    mix.echo(beats=0.75, feedback=0.6, level=0.45)
    bass = (
        "c2:.75 r:.25 eb2:.5 f2 r:.5 g2 c2:1",
        "f2:.75 r:.25 ab2:.5 bb2 r:.5 c3 f2:1",
        "ab1:1 r:.5 c2 eb2:1 g1:1",
    )
    for bar, which in enumerate((0, 0, 1, 0, 2, 0, 1, 0) * 2):
        mix.play(sub, melody(bass[which], start=4 * bar), gain=0.28, room=0)
    bars = range(1, 17)
    mix.beat_pattern(drums.kick(48, 0.2), "........x.......", bars=bars, gain=0.4, room=0)
    mix.beat_pattern(drums.rim(1100), "........x.......", bars=bars, gain=0.22, pan=-0.15, room=0.5)
    mix.beat_pattern(drums.hat(0.05), "o.x.o.x.o.x.o.xo", bars=bars, gain=0.11, pan=0.2)
    mix.play(tines, pick(chords, "3 . 2 . 1 . 2 .", beats=4, centre=72), gain=0.14, pan=-0.5, room=0.5)
    return mix.finish(room_s=1.8, room=0.4, lufs=-15)


def senne_couverte() -> Stereo:
    """The covered river: a downtempo in B flat minor, tines under a street."""
    mix = Mix(beats=76, bpm=84, seed=82, looseness_s=0.008, tail_s=4)
    chords = "Bbm9 Bbm9 Gbmaj9 F7b9 | Bbm9 Ebm9 Gbmaj9 F7b9"
    for place in range(2):
        mix.play(
            tines,
            pick(chords, "0+1+2 . . 3 . 2+3 . 1", beats=4, start=4 + 32 * place, centre=61),
            gain=0.34,
            pan=-0.2,
            room=0.35,
            velocity=0.5,
        )
    mix.play(tines, melody("bb2+f3+db4+ab4+c5:4", start=68), gain=0.24, room=0.5)
    mix.play(pad, held("Bbm9 Gbmaj9 Bbm9 Gbmaj9", beats=16, start=4, centre=66), gain=0.09, room=0.6)
    lead = melody(
        "r:1 f5:.5 ab5 c6:1.5 bb5:.5 | ab5:1 f5 db5:2 | r:1 bb4:.5 db5 f5:1 ab5 | gb5:1.5 eb5:.5 c5:2 | r:1 f5:.5 ab5 c6:1.5 db6:.5 | bb5:2 gb5:1 eb5 | f5:3 db5:1 | c5:4",
        start=36,
    )
    mix.play(guitar, lead, gain=0.28, pan=0.25, room=0.5)
    mix.echo(beats=1.5, feedback=0.45, level=0.3)
    for bar in range(1, 17):
        mix.play(
            sub,
            melody(
                "bb1:1.5 r:.5 bb1:.25 r:.25 db2:.5 ab1:1" if bar % 4 < 3 else "gb1:2 f1:1.5 a1:.5",
                start=4 * bar,
            ),
            gain=0.24,
            room=0,
        )
    mix.beat_pattern(drums.kick(46, 0.3), "x......x..x.....", bars=range(1, 17), gain=0.38, room=0)
    mix.beat_pattern(drums.snare(200, 0.22), "....x.......x...", bars=range(3, 17), gain=0.24, room=0.3)
    mix.beat_pattern(drums.shaker(), "x.xox.xox.xox.xo", bars=range(2, 17), gain=0.07, pan=0.35)
    return mix.finish(room_s=1.9, room=0.4, lufs=-15.5)
