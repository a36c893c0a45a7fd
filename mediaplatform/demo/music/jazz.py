"""Trio Passementier: piano, double bass, brushes."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import held, melody, moved, pick, swing, walk
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.voices import piano, upright


def _brushes(mix: Mix, *, bars: range, beats: int, ride: bool = False) -> None:
    """Draw circles on the snare; tap the off beats; the ride only where the music opens."""
    for bar in bars:
        for beat in range(beats):
            at = bar * beats + beat
            mix.place(drums.brush(0.42), at, gain=0.055, pan=-0.2, room=0.1)
            if beat % 2:
                mix.place(drums.tap(), at, gain=0.12, pan=0.1, room=0.1)
            if ride:
                mix.place(drums.ride(), at, gain=0.05, pan=0.35, room=0.1)
                if beat % 2:
                    mix.place(drums.ride(0.5), at + 0.66, gain=0.03, pan=0.35)


def ruban_large() -> Stereo:
    """A ballad in E flat: the melody leans on its ninths and takes its time."""
    mix = Mix(beats=58, bpm=68, seed=21, looseness_s=0.012, tail_s=4)
    chords = "Ebmaj9 Cm9 Fm9 Bb13 | Gm7 C7b9 Fm9 Bb13 | Abmaj9 Dbmaj7 Gm7 C7b9 | Fm9 Bb13"
    mix.play(
        piano, pick(chords, "0+1+2 . . 3", beats=4, centre=58), gain=0.2, pan=-0.2, room=0.3, velocity=0.4
    )
    mix.play(upright, pick(chords, "b . . f", beats=4, low=29), gain=0.46, room=0.06)
    tune = melody(
        "bb4:1.5 d5:.5 g5:2 | f5:1.5 eb5:.5 d5:2 | c5:1 ab4 g4 f4 | g4:3 bb4:1 | d5:1.5 f5:.5 bb5:1 a5 |"
        " ab5:1.5 g5:.5 e5:1 db5 | c5:1 eb5 ab5 g5 | f5:3 r:1 | g5:1.5 eb5:.5 c5:2 | f5:1.5 db5:.5 ab4:2 |"
        " bb4:1 d5 f5 d5 | e5:1 db5 bb4 g4 | ab4:1 c5 eb5 g5 | f5:1 d5:1 bb4:2"
    )
    mix.play(piano, tune, gain=0.42, pan=0.1, room=0.35, velocity=0.6)
    mix.play(piano, melody("eb3+bb3+g4+d5+f5:2", start=56), gain=0.3, room=0.4, velocity=0.4)
    _brushes(mix, bars=range(14), beats=4)
    return mix.finish(room_s=1.7, room=0.45, lufs=-18)


def metier_jacquard() -> Stereo:
    """A waltz in G minor on a loom's ostinato: the left hand is a punched card, the right one forgets it."""
    mix = Mix(beats=126, bpm=150, seed=22, looseness_s=0.005)
    card, open_chords = "Gm9 Gm9 Cm9 Gm9 | Ebmaj7 D7b9 Gm9 D7b9", "Cm9 F13 Bbmaj9 Ebmaj9 | Am7b5 D7b9 Gm9 Gm6"
    for place, chords in enumerate((card, card, open_chords, card, card)):
        mix.play(
            piano,
            pick(chords, "0 2 1 3 2 1", beats=3, start=24 * place, centre=57),
            gain=0.22,
            pan=-0.25,
            velocity=0.5,
        )
        if place:
            mix.play(upright, pick(chords, "b f b", beats=3, start=24 * place, low=29), gain=0.38, room=0.06)
    tune = melody(
        "d5:1.5 r:.5 bb4:1 | a4:1 bb4 c5 | eb5:1.5 r:.5 d5:1 | bb4:3 | g5:1 f5 eb5 | d5:1 c5 f#4 | a4:2 bb4:1 | a4:3"
    )
    bridge = melody(
        "eb5:1 g5 bb5 | a5:2 f5:1 | d5:1 f5 c6 | bb5:2 g5:1 | c5:1 eb5 a5 | f#5:2 eb5:1 | d5:1 bb4 g4 | a4:3"
    )
    for start, line in ((24, tune), (48, bridge), (72, tune), (96, moved(tune, semitones=12))):
        mix.play(piano, moved(line, beats=start), gain=0.36, pan=0.15, room=0.3, velocity=0.7)
    mix.play(piano, melody("g2+d3+bb3+f4+a4:6", start=120), gain=0.3, room=0.4)
    _brushes(mix, bars=range(8, 40), beats=3, ride=False)
    for bar in range(16, 40):
        mix.place(drums.ride(), bar * 3, gain=0.05, pan=0.4)
        mix.place(drums.rim(1250), bar * 3 + 1.5, gain=0.05, pan=-0.4, room=0.2)
    return mix.finish(room_s=1.3, room=0.4, lufs=-17)


def velours_et_jais() -> Stereo:
    """A blues in F, walked: a riff chorus, then a chorus that answers it."""
    mix = Mix(beats=100, bpm=116, seed=23, looseness_s=0.007)
    blues = "F7 Bb7 F7 F7 | Bb7 Bb7 F7 D7b9 | Gm7 C7 F7 C7"
    for chorus in range(2):
        start = 48 * chorus
        mix.play(upright, walk(blues, beats=4, start=start, low=29), gain=0.46, room=0.05)
        mix.play(
            piano,
            swing(pick(blues, ". . . 1+2+3 . . 1+2+3 .", beats=4, start=start, centre=58)),
            gain=0.15,
            pan=-0.2,
            velocity=0.5,
        )
    riff = "r:.5 c5 eb5:.5 f5 ab5:.5 f5:.5 eb5:1 | r:1 d5:.5 f5 ab5:.5 f5 d5:1 | r:.5 c5:.5 eb5 f5 ab5 a5 c6:1 | r:4"
    answer = "| r:.5 bb4:.5 db5 f5 ab5:1 f5:1 | r:2 e5:.5 f5 ab5:1 | c5:.5 eb5 f5 a5 c6:1 a5:1 | r:1 f#5:.5 eb5 c5 a4 f#4:1"
    close = "| bb4:.5 d5 f5 a5 g5:1 f5 | e5:.5 g5 bb5 db6 c6:1 bb5 | a5:1.5 f5:.5 eb5 c5 a4:1 | r:4"
    mix.play(piano, swing(melody(riff + answer + close)), gain=0.42, pan=0.15, room=0.25, velocity=0.7)
    solo = (
        "c6:1 a5:.5 f5 eb5 f5 c5:1 | d5:.5 f5 ab5 bb5 c6 bb5 ab5 f5 | a5:1.5 c6:.5 eb6:1 c6:1 | r:2 f5:.5 ab5 a5 c6 |"
        " d6:1 bb5:.5 ab5 f5 d5 bb4:1 | r:.5 db5:.5 d5 f5 ab5:2 | a5:.5 g5 f5 eb5 c5 a4 f4:1 | a4:.5 c5 eb5 gb5 f#5:1 d5:1 |"
        " bb5:.5 a5 g5 f5 d5 bb4 a4 g4 | c5:.5 e5 g5 bb5 db6 c6 bb5 g5 | f5:1 c5:.5 eb5:.5 f5:2 | r:1 c5:.5 e5 g5 c6:1.5"
    )
    mix.play(piano, swing(melody(solo, start=48)), gain=0.42, pan=0.15, room=0.25, velocity=0.8)
    mix.play(piano, melody("f2+eb4+a4+d5:4", start=96), gain=0.34, room=0.3)
    mix.play(upright, melody("f1:3", start=96), gain=0.4)
    _brushes(mix, bars=range(24), beats=4, ride=True)
    return mix.finish(room_s=1.0, room=0.35, lufs=-17)


def la_navette() -> Stereo:
    """The shuttle: a bossa in D minor that crosses over and comes back."""
    mix = Mix(beats=100, bpm=126, seed=24, looseness_s=0.006)
    a, b = "Dm9 G13 Cmaj9 Am7 | Dm9 G13 Em7 A7b9", "Fmaj7 Fm6 Em7 A7b9 | Dm9 G13 Cmaj9 A7b9"
    comp = "0+1+2 . . 1+2+3 . . 1+2+3 ."
    for place, chords in enumerate((a, b, a)):
        mix.play(
            piano,
            pick(chords, comp, beats=4, start=32 * place, centre=60),
            gain=0.17,
            pan=-0.25,
            velocity=0.5,
        )
        mix.play(
            upright, pick(chords, "b . . f b . . f", beats=4, start=32 * place, low=29), gain=0.38, room=0.05
        )
    tune = melody(
        "r:1 a5:.5 g5 e5:1 f5 | e5:2 r:.5 d5:.5 b4 d5 | e5:3 r:.5 g4:.5 | c5:2 b4:2 | r:1 a5:.5 g5 e5:1 f5 |"
        " e5:1 f5 b5 a5 | g5:3 e5:1 | c#5:1.5 e5:.5 bb5:2"
    )
    bridge = melody(
        "a5:2 c6:1 a5 | ab5:2 f5:1 d5 | g5:2 b5:1 g5 | c#5:1 e5 g5 bb5 | a5:2 f5:1 d5 | b4:1 d5 e5 a5 | g5:3 e5:1 | c#5:4"
    )
    for start, line in ((0, tune), (32, bridge), (64, tune)):
        mix.play(piano, moved(line, beats=start), gain=0.4, pan=0.15, room=0.3, velocity=0.7)
    mix.play(piano, held("Dm9", beats=4, start=96, centre=66), gain=0.22, room=0.4)
    bars = range(24)
    mix.beat_pattern(drums.rim(1500), "x..x..x...x..x..", bars=bars, gain=0.06, pan=0.3, room=0.15)
    mix.beat_pattern(drums.shaker(), "xoxoxoxo", bars=bars, gain=0.045, pan=-0.35)
    mix.beat_pattern(drums.kick(52, 0.1), "x......ox......o", bars=bars, gain=0.16)
    return mix.finish(room_s=1.3, room=0.4, lufs=-17)
