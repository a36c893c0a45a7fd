"""Atelier Ressort: songs for the very young, on toys that were wound up first."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import clipped, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import horn, reed, whistle
from mediaplatform.demo.sound.voices import glockenspiel, guitar, marimba


def le_ressort() -> Stereo:
    """Boing: a glockenspiel tune in C that always jumps an octave where nobody expects it."""
    mix = Mix(beats=84, bpm=116, seed=61, looseness_s=0.005, tail_s=2)
    chords = "C F C G | C F G C"
    tune = melody(
        "c5:.5 e5 g5:1 c6:1 g5 | a5:.5 c6 f5:1 a5:2 | e5:.5 g5 c5:1 e5:1 c6 | d5:1 b5 g5:2 | c5:.5 e5 g5:1 c6:1 g5 | a5:.5 f5 c6:1 a5:2 | g5:.5 a5 b5:1 d6:1 b5 | c6:1 c5 c6:2"
    )
    for place in range(2 + 1):
        start = 4 + 32 * place if place < 2 else 68
        symbols = chords if place < 2 else "C F G C"
        mix.play(
            marimba,
            clipped(pick(symbols, "b 1+2 f 1+2", beats=4, start=start, low=48), beats=0.5),
            gain=0.24,
            pan=-0.2,
            room=0.15,
        )
        mix.play(
            horn,
            clipped(pick(symbols, "b . f .", beats=4, start=start, low=36), beats=0.4),
            gain=0.16,
            pan=0.1,
            room=0.1,
            velocity=0.5,
        )
    mix.play(glockenspiel, moved(tune, beats=4, semitones=12), gain=0.3, pan=0.25, room=0.3)
    mix.play(whistle, clipped(moved(tune, beats=36, semitones=12), beats=0.9), gain=0.16, pan=-0.1, room=0.35)
    mix.play(
        glockenspiel,
        moved(melody("g5:.5 a5 b5:1 d6:1 b5 | c6:1 c5 c6:2"), beats=76, semitones=12),
        gain=0.3,
        pan=0.25,
        room=0.3,
    )
    mix.beat_pattern(drums.rim(820), "x...x.x.", bars=range(1, 20), gain=0.14, pan=-0.4)
    mix.beat_pattern(drums.clap(0.15), "....x...", bars=range(9, 20), gain=0.07, pan=0.3, room=0.2)
    for at in (0, 1, 2, 3, 35.5):
        mix.place(marimba(60 + int(at) * 4 % 13, 0.2, 0.8), at, gain=0.3, room=0.2)
    return mix.finish(room_s=0.9, room=0.35, lufs=-16)


def trois_chaussettes() -> Stereo:
    """Three socks: a march that loses one beat each time round, like the wash."""
    mix = Mix(beats=90, bpm=124, seed=62, looseness_s=0.006, tail_s=2)
    verse = melody("g4:1 g4:.5 a4 b4:1 d5 | e5:1 d5:.5 b4 d5:2 | c5:1 c5:.5 d5 e5:1 c5 | b4:1 a4 g4:2")
    chorus = melody(
        "d5:.5 d5 e5:1 d5:.5 d5 b4:1 | c5:.5 c5 d5:1 c5:.5 c5 a4:1 | b4:.5 c5 d5 e5 d5:1 b4 | a4:1 d5 g4:2"
    )
    for place, (line, chords) in enumerate(
        (
            (verse, "G Em C D"),
            (chorus, "G Am G D"),
            (verse, "G Em C D"),
            (chorus, "G Am G D"),
            (verse, "G Em C D"),
        )
    ):
        start = 2 + 17 * place
        mix.play(
            guitar,
            clipped(pick(chords, "b 1+2 f 1+2", beats=4, start=start, low=43), beats=0.4),
            gain=0.3,
            pan=-0.3,
        )
        mix.play(
            reed,
            clipped(moved(line, beats=start, semitones=12 * (place % 2)), beats=0.85),
            gain=0.17,
            pan=0.15,
            room=0.2,
        )
        if place % 2:
            mix.play(glockenspiel, moved(line, beats=start, semitones=24), gain=0.14, pan=0.4, room=0.3)
        mix.place(drums.tom(110), start + 16, gain=0.4, room=0.2)
        for beat in range(16):
            mix.place(
                drums.snare(240, 0.12) if beat % 2 else drums.kick(70, 0.1, 0.2),
                start + beat,
                gain=0.1 if beat % 2 else 0.26,
                pan=0.1,
            )
    mix.play(horn, melody("g2:1 d2 g2:2", start=86), gain=0.2, room=0.2)
    return mix.finish(room_s=0.8, room=0.3, lufs=-16)


def la_tortue_pressee() -> Stereo:
    """The hurried tortoise: she starts slowly, and every verse is a third quicker; then she sleeps."""
    parts = []
    mix = Mix(beats=92, bpm=132, seed=63, looseness_s=0.004, tail_s=3)
    tune = melody("f4:1 a4:.5 c5 bb4:1 g4 | a4:1 c5:.5 f5 c5:2 | d5:1 bb4:.5 d5 c5:1 a4 | g4:1 c5 f4:2")
    at = 0.0
    for place, stretch in enumerate((1.5, 1.25, 1.0, 0.75, 1.25)):
        beats = 4 * stretch
        line = [type(n)(at + n.beat * stretch, n.beats * stretch, n.midi) for n in tune]
        parts.append(line)
        mix.play(
            marimba,
            pick("F Gm Bb C", "b 0 1 2", beats=beats, start=at, centre=65, low=41),
            gain=0.26,
            pan=-0.3,
            room=0.2,
        )
        mix.play(
            (whistle, glockenspiel, whistle, glockenspiel, whistle)[place],
            moved(line, semitones=12),
            gain=(0.15, 0.3, 0.15, 0.3, 0.13)[place],
            pan=0.2,
            room=0.35,
        )
        for step in range(16):
            mix.place(drums.rim(640 + 160 * (step % 2)), at + step * stretch, gain=0.12, pan=0.4, room=0.15)
        at += 16 * stretch
    mix.play(marimba, melody("f3+c4+f4:4", start=at), gain=0.3, room=0.4)
    return mix.finish(room_s=1.1, room=0.4, lufs=-16.5)
