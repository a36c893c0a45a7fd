"""The synthesiser and the repertoire: pleasant by measure."""

from __future__ import annotations

import wave
from itertools import combinations, pairwise

import av
import numpy as np
import pytest

from mediaplatform.demo.sound import drums, files, score, studio, sustained, voices
from mediaplatform.demo.studio import compose

PIECES = (
    "folk.la_rue_qui_monte",
    "chip.ecran_titre",
    "ambient.bouee_cardinale",
    "techno.pont_roulant",
    "strings.degel",
)
RATE = voices.RATE


@pytest.fixture(scope="module")
def pieces() -> dict[str, studio.Stereo]:
    """One piece each of five bands."""
    return {name: compose(name) for name in PIECES}


def sine(hz: float, seconds: float = 3.0) -> studio.Stereo:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.tile(np.sin(2 * np.pi * hz * t).astype(np.float32), (2, 1))


def octaves(piece: studio.Stereo) -> np.ndarray:
    """Return how the energy is spread over ten octaves, as a unit vector."""
    power = np.abs(np.fft.rfft(piece.mean(axis=0))) ** 2
    f = np.fft.rfftfreq(piece.shape[1], 1 / RATE)
    edges = 30 * 2.0 ** np.arange(11)
    bands = np.sqrt([power[(f >= low) & (f < high)].sum() for low, high in pairwise(edges)])
    return np.asarray(bands / np.linalg.norm(bands))


def test_a_melody_holds_its_length_until_the_next_one_is_written() -> None:
    notes = score.melody("a4:.5 r b4+d5:1 | c#5")
    assert [(n.beat, n.beats, n.midi) for n in notes] == [(0, 0.5, 69), (1, 1, 71), (1, 1, 74), (2, 1, 73)]


def test_chords_are_voiced_within_one_octave_of_the_centre() -> None:
    assert score.chord("C", centre=60) == (55, 60, 64)
    assert score.chord("Am", centre=60) == (57, 60, 64)


def test_a_misspelt_chord_is_refused() -> None:
    with pytest.raises(ValueError, match="H7"):
        score.chord("H7")


def test_a_walking_bass_lands_a_semitone_above_the_next_root() -> None:
    line = score.walk("F7 Bb7", beats=4, low=29)
    assert [n.midi for n in line] == [29, 33, 36, 35, 34, 38, 41, 30]


@pytest.mark.parametrize(
    "voice", [voices.guitar, voices.piano, voices.harp, sustained.reed, sustained.square]
)
def test_a_voice_plays_in_tune(voice: voices.Voice) -> None:
    note = voice(69, 2.0, 0.8)
    spectrum = np.abs(np.fft.rfft(note * np.hanning(note.size)))
    f = np.fft.rfftfreq(note.size, 1 / RATE)
    near = (f > 400) & (f < 480)
    assert abs(f[near][spectrum[near].argmax()] - 440) < 2


def test_a_cached_note_cannot_be_changed_by_its_player() -> None:
    with pytest.raises(ValueError, match="read-only"):
        voices.guitar(60, 1.0, 0.7)[0] = 1


def test_a_full_scale_sine_is_as_loud_as_the_standard_says() -> None:
    assert abs(studio.loudness(sine(997)) - 0.0) < 0.1


def test_the_limiter_keeps_peaks_under_the_ceiling_and_leaves_the_rest() -> None:
    quiet = 0.3 * sine(300)
    burst = quiet.copy()
    burst[:, RATE : RATE + 400] *= 6
    limited = studio.limit(burst)
    assert np.abs(limited).max() <= studio.CEILING + 1e-6
    assert np.allclose(limited[:, 2 * RATE :], quiet[:, 2 * RATE :], atol=1e-6)


def test_a_band_keeps_its_middle_and_drops_what_is_far() -> None:
    kept = np.abs(drums.band(sine(1000), low_hz=200, high_hz=4000)).max()
    far = [drums.band(sine(hz), low_hz=400, high_hz=4000)[:, 20_000:-20_000] for hz in (30, 18_000)]
    assert kept > 0.95
    assert max(np.abs(sound).max() for sound in far) < 0.06


def test_pieces_are_finished_at_a_comfortable_level_without_clipping(
    pieces: dict[str, studio.Stereo],
) -> None:
    for piece in pieces.values():
        assert 40 <= piece.shape[1] / RATE <= 90
        assert np.isfinite(piece).all()
        assert np.abs(piece).max() <= studio.CEILING
        assert -19 <= studio.loudness(piece) <= -13.5


def test_pieces_go_on_sounding_from_start_to_end(pieces: dict[str, studio.Stereo]) -> None:
    for piece in pieces.values():
        seconds = np.array(
            [np.abs(piece[:, i : i + 2 * RATE]).max() for i in range(0, piece.shape[1] - 6 * RATE, 2 * RATE)]
        )
        assert seconds.min() > 0.02


def test_pieces_end_in_silence_so_that_the_next_may_begin(pieces: dict[str, studio.Stereo]) -> None:
    for piece in pieces.values():
        assert np.abs(piece[:, -200:]).max() < 0.01


def test_bands_do_not_sound_alike(pieces: dict[str, studio.Stereo]) -> None:
    likeness = [float(octaves(a) @ octaves(b)) for a, b in combinations(pieces.values(), 2)]
    assert max(likeness) < 0.97


def test_a_piece_is_the_same_each_time(pieces: dict[str, studio.Stereo]) -> None:
    assert np.array_equal(compose("chip.ecran_titre"), pieces["chip.ecran_titre"])


def test_a_wav_holds_sixteen_bits_at_the_rate(tmp_path: object) -> None:
    path = tmp_path / "a.wav"  # type: ignore[operator]
    files.write_sound(path, 0.5 * sine(440, 1), tags={})
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, RATE)
        assert sound.getnframes() == RATE


@pytest.mark.parametrize(("suffix", "codec"), [("flac", "flac"), ("ogg", "opus"), ("mp3", "mp3float")])
def test_a_compressed_file_decodes_to_its_length_and_bears_its_tags(
    tmp_path: object, suffix: str, codec: str
) -> None:
    path = tmp_path / f"a.{suffix}"  # type: ignore[operator]
    files.write_sound(
        path, 0.5 * sine(440, 2), tags={"title": "Premier arrosage", "artist": "Dora Belleronce"}
    )
    with av.open(str(path)) as sound:
        stream = sound.streams.audio[0]
        decoded = sum(frame.samples for frame in sound.decode(stream)) / stream.rate
        tags = {**sound.metadata, **stream.metadata}
    assert abs(decoded - 2) < 0.06
    assert {name.lower(): value for name, value in tags.items()}["title"] == "Premier arrosage"
    assert stream.codec_context.name == codec
