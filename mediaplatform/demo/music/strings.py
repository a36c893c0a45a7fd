"""Quatuor Ardoise: two violins, a viola and a cello in a village hall."""

from __future__ import annotations

from mediaplatform.demo.sound.score import Note, clipped, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import bowed
from mediaplatform.demo.sound.voices import harp, upright

SEATS = (-0.55, -0.2, 0.25, 0.55)


def _quartet(mix: Mix, *parts: list[Note], gain: float = 0.3, room: float = 0.4) -> None:
    for part, seat in zip(parts, SEATS, strict=True):
        mix.play(bowed, part, gain=gain, pan=seat, room=room, velocity=0.6)


def col_ferme() -> Stereo:
    """The pass is closed: a chorale in G minor, four voices, one suspension a line."""
    mix = Mix(beats=64, bpm=66, seed=71, looseness_s=0.012, tail_s=4)
    first = melody(
        "d5:2 eb5 | d5:3 c5:1 | bb4:2 c5 | a4:4 | bb4:2 d5 | f5:3 eb5:1 | d5:2 c5 | d5:4 | g5:3 f5:1 | eb5:2 d5 | c5:3 eb5:1 | d5:4 | bb4:2 c5:1 bb4 | a4:3 f#4:1 | g4:4 | g4:4"
    )
    second = melody(
        "bb4:2 bb4 | bb4:2 a4 | g4:2 g4 | g4:2 f#4 | g4:2 bb4 | c5:2 c5 | bb4:2 a4 | bb4:4 | d5:2 d5 | c5:2 bb4 | g4:2 a4 | bb4:4 | g4:4 | g4:2 d4 | f4:2 eb4 | d4:4"
    )
    viola = melody(
        "g4:2 g4 | f4:2 f4 | d4:2 eb4 | d4:4 | d4:2 f4 | a4:2 g4 | f4:2 f4 | f4:4 | bb4:2 bb4 | g4:2 f4 | eb4:2 f4 | f4:4 | d4:2 eb4 | d4:2 c4 | bb3:2 c4 | b3:4"
    )
    cello = melody(
        "g3:2 eb3 | bb2:2 f3 | g3:2 c3 | d3:4 | g3:2 bb3 | a3:2 c3 | d3:2 f3 | bb2:4 | g3:2 bb3 | c4:2 d3 | eb3:2 f3 | bb2:4 | g3:2 c3 | d3:4 | eb3:2 c3 | g2:4"
    )
    _quartet(mix, first, second, viola, cello)
    return mix.finish(room_s=2.8, room=0.5, lufs=-18)


def courrier_du_soir() -> Stereo:
    """The evening post: a canon at two bars, first plucked, then bowed over a plucked bass."""
    mix = Mix(beats=100, bpm=116, seed=72, looseness_s=0.006)
    subject = melody(
        "a4:1 e5 d5:.5 c5 b4:1 | c5:.5 d5 e5:1 a4:2 | f5:1 e5:.5 d5 e5:1 c5 | d5:.5 c5 b4:1 a4:1 g#4:1"
    )
    for entry, (start, up, seat) in enumerate(
        ((0, 0, -0.55), (8, -5, -0.2), (16, -12, 0.25), (24, -24, 0.55))
    ):
        for turn in range((48 - start) // 16):
            mix.play(
                harp,
                moved(subject, beats=start + 16 * turn, semitones=up),
                gain=0.3 - 0.02 * entry,
                pan=seat,
                room=0.3,
            )
    chords = "Am Am F E | Am Am F E | Dm G C E | Am Am F E"
    mix.play(
        upright,
        clipped(pick(chords, "b f b f", beats=4, start=48 - 16, low=33), beats=0.8),
        gain=0.3,
        room=0.15,
    )
    upper = melody("e5:3 d5:1 | c5:3 b4:1 | a4:2 c5 | b4:4 | f5:3 e5:1 | d5:2 g5 | e5:3 c5:1 | b4:4")
    mix.play(bowed, moved(subject, beats=48), gain=0.26, pan=SEATS[0], room=0.4)
    mix.play(bowed, moved(upper[:7], beats=48, semitones=-12), gain=0.2, pan=SEATS[2], room=0.4)
    mix.play(bowed, moved(subject, beats=64), gain=0.26, pan=SEATS[0], room=0.4)
    mix.play(bowed, moved(subject, beats=72, semitones=-12), gain=0.2, pan=SEATS[1], room=0.4)
    mix.play(bowed, moved(upper, beats=64, semitones=-12), gain=0.2, pan=SEATS[2], room=0.4)
    mix.play(upright, pick("Am Am F E Am", "b . f .", beats=4, start=80, low=33), gain=0.3, room=0.15)
    mix.play(bowed, melody("a4+e5:4", start=96), gain=0.2, room=0.5)
    mix.play(harp, melody("a2+e3+a3+c4:4", start=96), gain=0.3, room=0.5)
    return mix.finish(room_s=1.6, room=0.45, lufs=-17)


def degel() -> Stereo:
    """Thaw: eighths run under a slow violin, from D minor to D major in sixteen bars."""
    mix = Mix(beats=68, bpm=80, seed=73, looseness_s=0.007, tail_s=4)
    chords = "Dm Bb Gm A | Dm F Gm A | Bb C Am Dm | G A Bm G | D"
    running = clipped(pick(chords, "0 1 2 1 0 1 2 1", beats=4, centre=62), beats=0.5)
    mix.play(bowed, running, gain=0.11, pan=SEATS[1], room=0.3, velocity=0.5)
    mix.play(
        bowed,
        clipped(pick(chords, "2 0 1 2 1 0 1 2", beats=4, centre=57), beats=0.5),
        gain=0.1,
        pan=SEATS[2],
        room=0.3,
        velocity=0.5,
    )
    mix.play(bowed, pick(chords, "b", beats=4, low=38), gain=0.26, pan=SEATS[3], room=0.3)
    song = melody(
        "r:8 | d5:3 e5:1 | c#5:4 | f5:3 e5:1 | c5:2 a5 | bb5:3 g5:1 | e5:4 | d5:2 f5 | g5:2 e5 | c5:2 e5 | d5:4 | b4:1 d5 g5 b5 | a5:3 e5:1 | f#5:2 d6 | b5:2 g5 | a5:4"
    )
    mix.play(bowed, song, gain=0.32, pan=SEATS[0], room=0.5)
    mix.play(harp, pick("G A Bm G D", ". 3 . 4", beats=4, start=48, centre=74), gain=0.14, pan=0.1, room=0.6)
    return mix.finish(room_s=2.2, room=0.5, lufs=-17.5)
