"""Pixel Goémon: five channels and seaweed. The music of the game « Rigoles »."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import clipped, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import square, thin, triangle


def _accompany(mix: Mix, chords: str, *, start: float, beats: float = 4, arpeggio: str, bass: str) -> None:
    """Play one turn of the chords: an arpeggio on the narrow pulse, a bass on the triangle."""
    quick = pick(chords, arpeggio, beats=beats, start=start, centre=67)
    low = pick(chords, bass, beats=beats, start=start, low=36)
    mix.play(thin, clipped(quick, beats=0.9 * beats / len(arpeggio.split())), gain=0.2, pan=0.45, room=0.1)
    mix.play(triangle, clipped(low, beats=0.8 * beats / len(bass.split())), gain=0.22, room=0.0)


def ecran_titre() -> Stereo:
    """The title screen: C major, a fanfare, a key change for those who do not press start."""
    mix = Mix(beats=100, bpm=146, seed=51, tail_s=2)
    tune = melody(
        "g5:1 c6:.5 e6 d6:1 b5:1 | g5:1.5 d5:.5 g5:2 | a5:1 c6:.5 e6 g6:1 e6 | f6:1.5 e6:.5 c6:2 |"
        " e6:1 c6:.5 g5 c6:1 e6 | g6:1.5 e6:.5 b5:2 | a5:1 c6 f6 a6 | g6:1 f6:.5 d6 b5:2"
    )
    in_c, in_e_flat = "C G/B Am F | C Em F G", "Eb Bb/D Cm Ab | Eb Gm Ab Bb"
    for place, (chords, up) in enumerate(((in_c, 0), (in_c, 0), (in_e_flat, 3))):
        start, bars = 32 * place, range(8 * place, 8 * place + 8)
        _accompany(
            mix, chords, start=start, arpeggio="0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3", bass="b . b f b . b f"
        )
        if place:
            mix.play(square, moved(tune, beats=start, semitones=up - 12), gain=0.3, pan=-0.35, room=0.15)
        mix.beat_pattern(drums.kick(60, 0.1, 0.2), "x.....x.x.......", bars=bars, gain=0.4, room=0)
        mix.beat_pattern(drums.blip(1), "..x...x...x...xo", bars=bars, gain=0.09, pan=0.2, room=0)
        mix.beat_pattern(drums.blip(5), "....x.......x...", bars=bars, gain=0.2, room=0)
    mix.play(square, melody("eb5:.5 g5 bb5 eb6:2.5", start=96), gain=0.3, room=0.2)
    mix.play(triangle, melody("eb2:4", start=96), gain=0.4, room=0)
    return mix.finish(room_s=0.7, room=0.25, lufs=-15)


def premiere_rigole() -> Stereo:
    """Thinking music: a bouncing bass, a tune with holes in it so that one can count."""
    mix = Mix(beats=98, bpm=112, seed=53, tail_s=2)
    tune = melody(
        "r:.5 a5 r c6 r:1 a5:.5 g5 | f5:1 r:3 | r:.5 bb5 r d6 r:1 bb5:.5 a5 | g5:1 r:3 |"
        " r:.5 a5 r c6 e6:1 c6 | a5:1 r e5:.5 g5 a5:1 | bb5:1 a5:.5 f5 d5:1 f5 | g5:1 e5 c5:2"
    )
    for place in range(3):
        _accompany(
            mix,
            "Fmaj7 Dm7 Gm7 C9 | Fmaj7 Am7 Bbmaj7 C9",
            start=32 * place,
            arpeggio="0 . 1 . 2 . 1 .",
            bass="b . . b f . b .",
        )
        if place:
            mix.play(
                square,
                clipped(moved(tune, beats=32 * place, semitones=-12 * (place - 1)), beats=0.8),
                gain=0.26,
                pan=-0.2,
                room=0.2,
            )
    mix.beat_pattern(drums.blip(1), "x.oox.oo", bars=range(4, 24), gain=0.06, pan=0.2, room=0)
    mix.beat_pattern(drums.rim(900), "....x.......x..o", bars=range(8, 24), gain=0.2, pan=-0.3)
    mix.play(triangle, melody("f2:2", start=96), gain=0.4, room=0)
    mix.play(thin, melody("a4+c5+e5:2", start=96), gain=0.12, room=0.2)
    return mix.finish(room_s=0.7, room=0.3, lufs=-16)


def pluie_fine() -> Stereo:
    """Six beats of drizzle in E minor: the arpeggio is the rain, the tune looks out of the window."""
    mix = Mix(beats=150, bpm=190, seed=54, tail_s=3)
    chords = "Em7 Cmaj7 Am7 B7 | Em7 G Cmaj7 B7"
    tune = melody("b5:6 | g5:4 e5:2 | c6:6 | b5:3 a5 | g5:4 b5:2 | d6:6 | e6:3 d6 | d#6:3 b5")
    for place in range(3):
        _accompany(mix, chords, start=48 * place, beats=6, arpeggio="3 1 2 0 2 1", bass="b . . f . .")
        if place:
            mix.play(square, moved(tune, beats=48 * place, semitones=-12), gain=0.22, pan=-0.2, room=0.4)
        if place == 2:
            mix.play(thin, moved(tune, beats=48 * place + 1, semitones=-8), gain=0.08, pan=0.6, room=0.5)
    for drop in range(0, 144, 3):
        mix.place(
            drums.blip(2 + drop % 5), drop + 0.5 * (drop % 2), gain=0.045, pan=(drop % 7 - 3) / 3, room=0.4
        )
    mix.play(triangle, melody("e2:6", start=144), gain=0.4)
    return mix.finish(room_s=1.4, room=0.45, lufs=-17)


def jardin_sauve() -> Stereo:
    """The garden is saved: a waltz that turns faster than one would think from a chip."""
    mix = Mix(beats=123, bpm=168, seed=55, tail_s=2)
    chords, turn = "D A Bm F#m | G D Em A", "G A F#m Bm | Em A D A"
    tune = melody(
        "d6:1 f#6 e6 | c#6:2 a5:1 | b5:1 d6 c#6 | a5:3 | g5:1 b5 a5 | f#5:2 d5:1 | e5:1 g5 b5 | c#6:3"
    )
    line = melody(
        "b5:1 d6 g6 | e6:2 c#6:1 | a5:1 c#6 f#6 | d6:3 | g5:1 b5 e6 | c#6:1 e6 a6 | f#6:1 e6 d6 | c#6:3"
    )
    for place, (symbols, song) in enumerate(
        ((chords, []), (chords, tune), (turn, line), (chords, tune), (turn, line))
    ):
        _accompany(
            mix,
            symbols,
            start=24 * place,
            beats=3,
            arpeggio=". 0 2 1 3 2" if place % 2 else "3 2 1 0 1 2",
            bass="b f f",
        )
        mix.play(square, moved(song, beats=24 * place, semitones=-12), gain=0.28, pan=-0.35, room=0.2)
        if place > 2:
            mix.play(square, moved(song, beats=24 * place, semitones=-16), gain=0.09, pan=0.4, room=0.2)
    for bar in range(8, 40):
        mix.place(drums.kick(64, 0.1, 0.2), bar * 3, gain=0.3)
        for beat in (1, 2):
            mix.place(drums.blip(1), bar * 3 + beat, gain=0.09, pan=0.2)
    mix.play(square, melody("d5:1 a5:1 d6:1", start=120), gain=0.28, room=0.3)
    mix.play(triangle, melody("d2:3", start=120), gain=0.4)
    return mix.finish(room_s=0.8, room=0.3, lufs=-15)
