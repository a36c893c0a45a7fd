"""Laminoir: rolling-mill techno."""

from __future__ import annotations

from mediaplatform.demo.sound import drums
from mediaplatform.demo.sound.score import held, melody, moved, pick
from mediaplatform.demo.sound.studio import Mix, Stereo
from mediaplatform.demo.sound.sustained import pad, stab, sub
from mediaplatform.demo.sound.voices import bell, marimba


def equipe_de_nuit() -> Stereo:
    """126 a minute: kick, then hats, then one chord that the echo does not let go of."""
    mix = Mix(beats=112, bpm=126, seed=31)
    for bar in range(28):
        mix.play(
            stab,
            pick(
                "Am9" if bar % 8 < 6 else "Fmaj9",
                ". . . 0+1+2+3 . . . . . . 0+1+2+3 . . . . .",
                beats=4,
                start=bar * 4,
            ),
            gain=0.34,
            pan=0.15,
            room=0.5,
        )
    mix.echo(beats=0.75, feedback=0.62, level=0.5)
    beat = [bar for bar in range(28) if bar not in {15, 27}]
    mix.beat_pattern(drums.kick(47, 0.25), "x...x...x...x...", bars=beat, gain=0.26, room=0.0)
    mix.beat_pattern(drums.hat(0.05), "..o...o...o...o.", bars=range(4, 27), gain=0.2, pan=0.15)
    mix.beat_pattern(drums.hat(0.16), "..x...x...x...x.", bars=range(12, 27), gain=0.12, pan=-0.1)
    mix.beat_pattern(drums.shaker(), "xoxxoxxoxoxxoxxo", bars=range(8, 28), gain=0.08, pan=-0.4)
    mix.beat_pattern(drums.clap(), "....x.......x...", bars=range(8, 27), gain=0.2, pan=0.05, room=0.25)
    bass = melody("r:.5 a1:.25 r:.25 r:.5 a1:.25 c2 r:.5 a1:.25 r g1 r a1:.5")
    for bar in range(6, 27):
        mix.play(sub, moved(bass, beats=4 * bar, semitones=-4 if bar % 8 >= 6 else 0), gain=0.26, room=0.0)
    mix.play(pad, held("Am9 Fmaj9", beats=32, start=48, centre=64), gain=0.1, room=0.5)
    return mix.finish(room_s=1.4, room=0.35, lufs=-14)


def pont_roulant() -> Stereo:
    """118 a minute: the travelling crane. Marimba against itself, three against four."""
    mix = Mix(beats=104, bpm=118, seed=32)
    figure = melody("d4:.75 f4 a4 c5 d5 a4:.25")
    for bar in range(24):
        up = (0, 0, 3, 0, -2, -2, 3, 5)[bar // 3 % 8]
        mix.play(marimba, moved(figure, beats=4 * bar, semitones=up), gain=0.34, pan=-0.3, room=0.3)
        if bar >= 8:
            mix.play(
                marimba, moved(figure, beats=4 * bar + 0.5, semitones=up + 12), gain=0.2, pan=0.4, room=0.4
            )
        if bar >= 4:
            mix.play(
                sub,
                melody("d2:.5 r:1 d2:.25 r:.25 d2:.5 r:1.5", start=4 * bar, transpose=up),
                gain=0.28,
                room=0,
            )
    mix.echo(beats=1.5, feedback=0.5, level=0.35)
    mix.beat_pattern(drums.kick(50, 0.4), "x..x..x...x..x..", bars=range(4, 24), gain=0.4, room=0.0)
    mix.beat_pattern(drums.tom(82), "......x.......xo", bars=range(8, 24), gain=0.26, pan=0.3, room=0.2)
    mix.beat_pattern(drums.rim(640), "..x..x..x..x..x.", bars=range(12, 24), gain=0.16, pan=-0.45, room=0.3)
    mix.beat_pattern(drums.hat(0.09), "..x...x...x...x.", bars=range(6, 24), gain=0.13, pan=0.1)
    mix.play(pad, held("Dm9 Fmaj9 Cadd9 Dm9", beats=24, start=4, centre=62), gain=0.1, room=0.6)
    return mix.finish(room_s=1.8, room=0.4, lufs=-14)


def releve_de_cinq_heures() -> Stereo:
    """92 a minute, broken: sheet metal, a slow bass, day breaks in major."""
    mix = Mix(beats=76, bpm=92, seed=33, tail_s=4)
    for bar in range(19):
        for beat, midi in ((0.0, 50), (1.75, 57), (2.5, 53), (3.25, 62)):
            mix.place(
                bell(midi + (4 if bar > 11 and midi == 50 else 0), 0.6, 0.5),
                bar * 4 + beat,
                gain=0.3,
                pan=0.5 - bar % 3 * 0.5,
                room=0.5,
            )
    mix.echo(beats=0.75, feedback=0.55, level=0.4)
    bars = range(2, 18)
    mix.beat_pattern(drums.kick(44, 0.5, 0.5), "x.....x..x......", bars=bars, gain=0.42, room=0.0)
    mix.beat_pattern(drums.snare(170), "....x.......x..o", bars=range(4, 18), gain=0.3, room=0.25)
    mix.beat_pattern(drums.hat(0.04), "x.xoxx.oxoxxx.xo", bars=range(4, 18), gain=0.12, pan=0.25)
    for bar in bars:
        line = "d2:1.5 r:.5 f2:.5 d2:.25 r c2:1" if bar < 12 else "bb1:1.5 r:.5 d2:.5 f2:.25 r a1:1"
        mix.play(sub, melody(line, start=bar * 4), gain=0.26, room=0)
    mix.play(pad, held("Dm9 Dm9 Bbmaj9 Fmaj9", beats=16, start=8, centre=65), gain=0.17, room=0.7)
    return mix.finish(room_s=2.4, room=0.4, lufs=-14.5)
