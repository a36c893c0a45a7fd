"""The notation the demo's pieces are written in: melodies and chord symbols as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 7, 10, 14),
    "13": (0, 4, 10, 14, 21),
    "add9": (0, 4, 7, 14),
    "maj7": (0, 4, 7, 11),
    "maj9": (0, 4, 7, 11, 14),
    "m6": (0, 3, 7, 9),
    "m7": (0, 3, 7, 10),
    "m9": (0, 3, 7, 10, 14),
    "m11": (0, 3, 10, 14, 17),
    "m7b5": (0, 3, 6, 10),
    "7b9": (0, 4, 7, 10, 13),
    "dim7": (0, 3, 6, 9),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
}
NOTE_FORM = re.compile(r"([a-g])([#b]?)(-?\d)")
CHORD_FORM = re.compile(r"([A-G])([#b]?)(.*)")
OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Note:
    """A pitch with its place in the piece, in beats."""

    beat: float
    beats: float
    midi: int


def pitch(name: str) -> int:
    """Return the MIDI number of a note name: `a4` -> 69, `c#5` -> 73.

    Raises:
        ValueError: not a note name.
    """
    match = NOTE_FORM.fullmatch(name)
    if not match:
        raise ValueError(f"{name!r} is not a note: write for example c#5")
    return STEPS[match[1]] + ACCIDENTALS[match[2]] + OCTAVE * (int(match[3]) + 1)


def melody(text: str, *, start: float = 0.0, transpose: int = 0) -> list[Note]:
    """Read `d5:1 e5 f5+a5:.5 r:2 | ...`: a length in beats holds until the next one; `r` rests, `+` stacks.

    >>> [(n.beat, n.midi) for n in melody("a4:.5 r b4+d5:1")]
    [(0.0, 69), (1.0, 71), (1.0, 74)]
    """
    beat, beats, notes = start, 1.0, []
    for token in text.replace("|", " ").split():
        names, _, length = token.partition(":")
        beats = float(length) if length else beats
        if names != "r":
            notes += [Note(beat, beats, pitch(name) + transpose) for name in names.split("+")]
        beat += beats
    return notes


def root(symbol: str, *, low: int = 36) -> int:
    """Return the chord's root (or its bass after a slash) as the first MIDI number at or above `low`."""
    name = symbol.partition("/")[2] or symbol
    match = CHORD_FORM.fullmatch(name)
    if not match:
        raise ValueError(f"{symbol!r} is not a chord symbol")
    step = STEPS[match[1].lower()] + ACCIDENTALS[match[2]]
    return low + (step - low) % OCTAVE


def chord(symbol: str, *, centre: int = 60) -> tuple[int, ...]:
    """Return a close voicing whose notes all lie within half an octave of `centre`.

    Folding into one window keeps common tones in place, so that progressions lead smoothly.
    `chord("C")` -> (55, 60, 64); `chord("Am")` -> (57, 60, 64).

    Raises:
        ValueError: unknown root or quality.
    """
    match = CHORD_FORM.fullmatch(symbol.partition("/")[0])
    if not match or match[3] not in QUALITIES:
        raise ValueError(f"{symbol!r} is not a chord symbol")
    base = STEPS[match[1].lower()] + ACCIDENTALS[match[2]]
    low = centre - OCTAVE // 2
    return tuple(sorted({low + (base + step - low) % OCTAVE for step in QUALITIES[match[3]]}))


def stacked(symbol: str, *, low: int = 48) -> tuple[int, ...]:
    """Return the chord in root position from the first root at or above `low`."""
    match = CHORD_FORM.fullmatch(symbol.partition("/")[0])
    if not match or match[3] not in QUALITIES:
        raise ValueError(f"{symbol!r} is not a chord symbol")
    base = root(symbol.partition("/")[0], low=low)
    return tuple(base + step for step in QUALITIES[match[3]])


def pick(
    progression: str, figure: str, *, beats: float, start: float = 0.0, centre: int = 62, low: int = 40
) -> list[Note]:
    """Play one `figure` a chord, each figure `beats` long; every note rings to its figure's end.

    `b` is the bass, `f` its fifth, digits are the voicing's notes from below (beyond its size: an octave up),
    `.` is a rest and `b+2` both at once.
    """
    notes = []
    for i, symbol in enumerate(progression.replace("|", " ").split()):
        voicing, bass = chord(symbol, centre=centre), root(symbol, low=low)
        steps = figure.split()
        for j, step in enumerate(steps):
            at = beats * j / len(steps)
            for mark in step.replace(".", "").split("+"):
                if not mark:
                    continue
                if mark in "bf":
                    midi = bass + (7 if mark == "f" else 0)
                else:
                    turn, index = divmod(int(mark), len(voicing))
                    midi = voicing[index] + OCTAVE * turn
                notes.append(Note(start + i * beats + at, beats - at, midi))
    return notes


def held(progression: str, *, beats: float, start: float = 0.0, centre: int = 60) -> list[Note]:
    """Hold each chord of the progression for `beats`, in a close voicing around `centre`."""
    return [
        Note(start + i * beats, beats, midi)
        for i, symbol in enumerate(progression.replace("|", " ").split())
        for midi in chord(symbol, centre=centre)
    ]


def walk(progression: str, *, beats: int, start: float = 0.0, low: int = 33) -> list[Note]:
    """Walk a bass, a note a beat: root, chord notes upward, last a semitone above the next root."""
    symbols = progression.replace("|", " ").split()
    notes = []
    for i, symbol in enumerate(symbols):
        here, after = root(symbol, low=low), root(symbols[(i + 1) % len(symbols)], low=low)
        steps = QUALITIES[CHORD_FORM.fullmatch(symbol.partition("/")[0])[3]]  # type: ignore[index]
        line = [here, here + steps[1], here + steps[2], here + steps[-1] % OCTAVE][:beats]
        line[-1] = after + 1 if beats > 1 else here
        notes += [Note(start + i * beats + j, 0.92, midi) for j, midi in enumerate(line)]
    return notes


def swing(notes: list[Note], *, amount: float = 0.66) -> list[Note]:
    """Move what falls on the half beat to `amount` of the beat."""
    return [Note(int(n.beat) + amount if n.beat % 1 == 0.5 else n.beat, n.beats, n.midi) for n in notes]  # noqa: PLR2004


def moved(notes: list[Note], *, beats: float = 0.0, semitones: int = 0) -> list[Note]:
    """Return the notes later by `beats` and higher by `semitones`."""
    return [Note(n.beat + beats, n.beats, n.midi + semitones) for n in notes]


def clipped(notes: list[Note], *, beats: float) -> list[Note]:
    """Return the notes no longer than `beats`: staccato."""
    return [Note(n.beat, min(n.beats, beats), n.midi) for n in notes]
