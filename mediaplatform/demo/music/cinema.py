"""Music for the three films, as long as they are."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import clipped, held, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import pad, sines, whistle
from mediaplatform.demo.sound.voices import bell, glockenspiel, guitar, harp, marimba


def line() -> Stereo:
    """A walking guitar in C and a whistle that looks at everything on the way."""
    mix = Mix(beats=52, bpm=112, seed=91, looseness_s=0.005, tail_s=3)
    chords = "C C F G | Am F C G | C E7 F Dm | C G C"
    mix.play(
        guitar,
        clipped(pick(chords, "b 1+2 f 1+2", beats=4, start=-0.0, low=43)[: 13 * 6], beats=0.6),
        gain=0.36,
        pan=-0.25,
    )
    tune = melody(
        "r:8 | c5:1 e5 g5:2 | a5:1 g5 d5:2 | e5:1 c5 a4:1 c5 | f5:1.5 e5:.5 d5:2 | e5:1 g5 c6:2 | b5:1 a5 g5:2 | c5:1 e5 g5 e5 | g#5:2 e5 | a5:1 g5 f5 a5 | f5:1 d5 a4:2 | e5:2 d5 | c5:4"
    )
    mix.play(whistle, moved(tune, semitones=12), gain=0.15, pan=0.2, room=0.4)
    return mix.finish(room_s=1.2, room=0.4, lufs=-18)


def tides() -> Stereo:
    """Two tides of chords, a bell for the moon, the sea."""
    mix = Mix(beats=28, bpm=60, seed=92, looseness_s=0.02, tail_s=4)
    mix.play(pad, held("Dm9 Bbmaj9 Fmaj9 Cadd9", beats=7, centre=60), gain=0.18, room=0.6)
    mix.play(sines, melody("d2+a2:14 f2+c3:14"), gain=0.2, room=0.3)
    mix.play(
        harp,
        melody("r:2 a5:1 f5 d5 e5:3 | r:3 d5:1 a4 bb4:4 | r:2 c6:1 a5 e5 f5:4 | d5:5"),
        gain=0.24,
        pan=0.2,
        room=0.8,
    )
    for beat, midi in ((6, 74), (13, 69), (20, 77), (26, 74)):
        mix.place(bell(midi, 1.5, 0.4), beat, gain=0.14, pan=-0.4, room=0.8)
    mix.place(drums.surf(31, 93, period_s=7.2), 0, gain=0.12, pan=-0.5)
    mix.place(drums.surf(31, 95, period_s=8.9), 0, gain=0.12, pan=0.5)
    return mix.finish(room_s=4, room=0.6, lufs=-18)


def cutouts() -> Stereo:
    """Scissors, wood and steel: a new chord for each thing that the paper becomes, every four seconds."""
    mix = Mix(beats=54, bpm=120, seed=94, looseness_s=0.004, tail_s=3)
    for start, chord in ((0, "G"), (6.4, "Em7"), (14, "C"), (22, "Am7"), (30, "D7"), (38, "G"), (46, "G")):
        for beat, kind in enumerate(
            pick(f"{chord} {chord}", "b 2 1 3 b 1 2 0", beats=4, start=start, low=43)
        ):
            if kind.beat < start + 7.4:
                mix.play(marimba, [kind], gain=0.3, pan=-0.2 + 0.05 * (beat % 8), room=0.2)
        for snip in range(7):
            mix.place(drums.hat(0.04), start + 0.22 * snip, gain=0.16, pan=0.5 - snip / 7, room=0.2)
        mix.place(drums.rim(700), start + 1.9, gain=0.3, room=0.3)
    tune = melody(
        "r:6 | g5:1 b5 e6 d6 | b5:1 a5 g5:2 | e5:1 g5 c6:2 | b5:1 g5 e5:2 | a5:1 c6 e6:2 | d6:1 c6 a5:2 | f#5:1 a5 c6 a5 | d6:2 c6:2 | b5:.5 d6 g6:1 b6:2 | a6:1 g6 d6:2 | b5:.5 d6 g6:3"
    )
    mix.play(glockenspiel, tune, gain=0.22, pan=0.2, room=0.4)
    return mix.finish(room_s=1.2, room=0.4, lufs=-17)
