"""Captions of the films: none has words, so they say what is heard."""

from __future__ import annotations

Said = tuple[tuple[float, float, str, str], ...]  # from, to (seconds), French, English

CAPTIONS: dict[str, Said] = {
    "la-ligne-va-se-promener": (
        (0.4, 4.0, "[Une guitare se met en marche]", "[A guitar sets out]"),
        (4.2, 8.0, "[Un sifflement regarde la colline]", "[A whistle looks at the hill]"),
        (8.2, 12.0, "[La guitare passe devant la maison]", "[The guitar walks past the house]"),
        (12.2, 16.0, "[Le sifflement grimpe : le chat]", "[The whistle climbs: the cat]"),
        (16.2, 21.0, "[La guitare roule comme la mer]", "[The guitar rolls like the sea]"),
        (21.2, 25.0, "[Le sifflement s’envole]", "[The whistle flies off]"),
        (25.2, 29.5, "[La guitare rentre, la musique se pose]", "[The guitar comes home, the music settles]"),
    ),
    "marees": (
        (0.4, 7.0, "[La mer respire, des accords montent]", "[The sea breathes, chords rise]"),
        (7.2, 14.0, "[Une cloche : la lune]", "[A bell: the moon]"),
        (14.2, 22.0, "[Une harpe descend avec l’eau]", "[A harp goes down with the water]"),
        (22.2, 29.0, "[La mer, presque seule]", "[The sea, almost alone]"),
    ),
}


def write_srt(slug: str, language: str) -> str:
    """Return a film's captions in French (`fr`) or English (`en`) as SubRip."""
    column = 2 if language == "fr" else 3
    parts = [
        f"{number}\n{_clock(one[0])} --> {_clock(one[1])}\n{one[column]}\n"
        for number, one in enumerate(CAPTIONS[slug], start=1)
    ]
    return "\n".join(parts)


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"00:{whole // 60:02}:{whole % 60:02},{thousandths:03}"
