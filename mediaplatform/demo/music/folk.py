"""Dora Belleronce: guitars and a harp, songs without words about allotments on a slope."""

from __future__ import annotations

from mediaplatform.demo.sound.score import held, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import bowed, pad, reed
from mediaplatform.demo.sound.voices import guitar, harp, tines, upright, vibraphone


def premier_arrosage() -> Stereo:
    """A waltz in D: guitar alone, then the harp tells the tune, climbs in the middle and comes home."""
    mix = Mix(beats=102, bpm=126, seed=11, looseness_s=0.006)
    a, b = "D A/C# Bm G | D/F# Em A D", "G D Em Bm | G D/F# Em A"
    for place, chords in enumerate((a, a, b, a)):
        mix.play(
            guitar, pick(chords, "b 1 2 3 2 1", beats=3, start=24 * place), gain=0.34, pan=-0.25, room=0.2
        )
    tune = melody(
        "f#5:2 e5:1 | e5:2 c#5:1 | d5:1.5 e5:.5 d5:1 | b4:3 | a4:1 d5 f#5 | g5:2 f#5:1 | e5:1 d5 c#5 | d5:3"
    )
    bridge = melody(
        "b5:2 a5:1 | f#5:3 | g5:1 f#5 e5 | d5:2 b4:1 | b5:2 g5:1 | a5:2 f#5:1 | e5:1 f#5 g5 | e5:3"
    )
    for start, line in ((24, tune), (48, bridge), (72, tune)):
        mix.play(harp, moved(line, beats=start), gain=0.42, pan=0.25, room=0.35)
    mix.play(bowed, held("G D Em Bm | G D Em A", beats=3, start=48, centre=55), gain=0.06, pan=0.1, room=0.6)
    mix.play(guitar, melody("d3+a3+d4+f#4+a4:6", start=96), gain=0.3, pan=-0.2, room=0.3)
    return mix.finish(room_s=1.6, room=0.5, lufs=-17)


def la_rue_qui_monte() -> Stereo:
    """Alternating thumb in G; the third time round the street has climbed a whole tone."""
    mix = Mix(beats=100, bpm=108, seed=12, looseness_s=0.005)
    chords = "G C/G G D | Em C G D"
    tune = melody(
        "d5:1 e5:.5 g5:1.5 b5:1 | a5:1.5 g5:.5 e5:2 | d5:1 e5:.5 g5:1.5 a5:1 | f#5:3 r:1 |"
        " g5:1 a5 b5 d6 | c6:1.5 b5:.5 g5:2 | b5:1 a5 g5 e5 | d5:3 r:1"
    )
    travis = pick(chords, "b 2 f 3 b 1 f 2", beats=4, low=43)
    for place, up in enumerate((0, 0, 2)):
        mix.play(guitar, moved(travis, beats=32 * place, semitones=up), gain=0.34, pan=-0.2)
        if place:
            mix.play(guitar, moved(tune, beats=32 * place, semitones=up - 12), gain=0.4, pan=0.35, room=0.3)
    mix.play(upright, moved(pick(chords, "b . f .", beats=4, low=31), beats=64, semitones=2), gain=0.3)
    mix.play(guitar, melody("a3+e4+a4+c#5+e5:4", start=96), gain=0.3, room=0.3)
    return mix.finish(room_s=1.2, room=0.4, lufs=-17)


def les_abeilles_du_terril() -> Stereo:
    """Six quick beats in A minor: two guitars circle each other over a reed that hardly breathes."""
    mix = Mix(beats=150, bpm=196, seed=13, looseness_s=0.004)
    verse, turn = "Am G F E | Am C G Am", "F C G Am | F C E E"
    for place, chords in enumerate((verse, verse, turn)):
        mix.play(guitar, pick(chords, "b 2 3 4 3 2", beats=6, start=48 * place, low=45), gain=0.32, pan=-0.45)
        if place:
            mix.play(
                guitar, pick(chords, ". 5 4 6 5 4", beats=6, start=48 * place, centre=69), gain=0.24, pan=0.45
            )
    hum = melody("a3+e4:24 | g3+e4:12 a3+e4:12 | a3+e4:24 | c4+g4:12 a3+e4:12 | f3+c4:24 | f3+c4:12 e3+b3:12")
    mix.play(reed, hum, gain=0.1, room=0.4)
    line = melody(
        "e5:9 d5:3 | c5:9 b4:3 | a4:6 c5 | b4:6 a4:6 | c5:9 d5:3 | e5:12 | f5:6 e5 | g#5:9 r:3", start=48
    )
    mix.play(bowed, line, gain=0.17, pan=0.15, room=0.5)
    mix.play(guitar, melody("a2+e3+a3+c4+e4:6", start=144), gain=0.32, room=0.3)
    return mix.finish(room_s=1.5, room=0.5, lufs=-17)


def arrosoir_du_soir() -> Stereo:
    """Slow, in E: wide chords let ring, a cello answers, the light goes."""
    mix = Mix(beats=50, bpm=63, seed=14, looseness_s=0.012, tail_s=5)
    chords = "Emaj7 C#m9 Amaj7 B6 | Emaj7 G#m7 Amaj9 Am6 | Emaj7 C#m9 Amaj7 E"
    mix.play(guitar, pick(chords, "b . 1 2 3 . 2 .", beats=4, centre=64), gain=0.4, pan=-0.15, room=0.4)
    cello = "r:16 | g#3:3 f#3:1 | e3:2 d#3:2 | c#3:3 b2:1 | c3:4 | b3:3 a3:1 | g#3:2 e3:2 | c#3:4 | e3:4"
    mix.play(bowed, melody(cello), gain=0.24, pan=0.25, room=0.5)
    mix.play(pad, held(chords, beats=4, centre=57), gain=0.035, room=0.7)
    return mix.finish(room_s=2.6, room=0.55, lufs=-18)


def berceuse_pour_un_tramway() -> Stereo:
    """Dora and the trio: a lullaby in F, rocked by the bass, on rails that click every other beat."""
    mix = Mix(beats=102, bpm=104, seed=15, looseness_s=0.007, tail_s=4)
    a, b = "Fmaj7 Dm7 Gm7 C7 | Fmaj7 Dm7 Gm7 C7", "Bbmaj7 Am7 Gm7 F | Bbmaj7 Am7 Gm7 C7"
    tune = melody("c5:2 a4:1 | f4:2 g4:1 | a4:1 bb4 d5 | c5:3 | c5:2 d5:1 | f5:2 d5:1 | c5:1 bb4 g4 | a4:3")
    bridge = melody("d5:2 f5:1 | e5:2 c5:1 | d5:1 c5 bb4 | a4:3 | d5:2 f5:1 | e5:2 a5:1 | g5:1 f5 d5 | e5:3")
    for place, (chords, line, voice) in enumerate(
        ((a, tune, tines), (a, tune, vibraphone), (b, bridge, tines), (a, tune, vibraphone))
    ):
        start = 24 * place
        mix.play(guitar, pick(chords, "b 2 3 1 3 2", beats=3, start=start, low=41), gain=0.26, pan=-0.35)
        mix.play(upright, pick(chords, "b . f", beats=3, start=start, low=29), gain=0.34, room=0.08)
        mix.play(voice, moved(line, beats=start), gain=0.34, pan=0.2, room=0.4)
    for bar in range(32):
        for beat in (0, 1.5):
            mix.place(guitar(88, 0.05, 0.3), bar * 3 + beat, gain=0.035, pan=0.5, room=0.3)
    mix.play(tines, melody("f3+c4+a4+e5+g5:6", start=96), gain=0.26, room=0.5)
    return mix.finish(room_s=2.2, room=0.5, lufs=-18)
