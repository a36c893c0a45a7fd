"""What the label delivers, and the game studio's soundtrack."""

from __future__ import annotations

from mediaplatform.demo.artists import LABEL, STUDIO
from mediaplatform.demo.repertoire.works import Credits, Release, Resource, Shares

HOUSE = "Les Heures creuses SCOP"
DORA: Credits = (("Dora Belleronce", "main_artist"), ("Dora Belleronce", "composer"))
TRIO: Credits = (
    ("Trio Passementier", "main_artist"),
    ("Ysé Calandre", "composer"),
    ("Basile Tournemine", "performer"),
    ("Lubin Orfroi", "performer"),
)
THREE: Shares = (("Ysé Calandre", 3334), ("Basile Tournemine", 3333), ("Lubin Orfroi", 3333))
RADE: Credits = (("Rade", "main_artist"), ("Nolwenn Estran", "composer"), ("Goulven Bassemer", "composer"))
DUO: Shares = (("Nolwenn Estran", 5000), ("Goulven Bassemer", 5000))


def _tracks(credits: Credits, shares: Shares, *titles_and_makers: tuple[str, str]) -> tuple[Resource, ...]:  # noqa: A002
    return tuple(Resource(title, maker, credits, shares) for title, maker in titles_and_makers)


LABEL_RELEASES = (
    Release(
        reference="HC-001-jardins-de-pente",
        title="Jardins de pente",
        medium="music",
        kind="album",
        released_on="2026-03-20",
        label=LABEL,
        suffix="flac",
        min_age=3,
        subjects=("folk", "guitare", "instrumental"),
        description=(
            "Quatre pièces pour guitare, harpe et fenêtre ouverte, écrites sur une parcelle en pente des "
            "jardins ouvriers. On y arrose, on y monte, on y regarde les abeilles s’installer sur le "
            "terril. Aucune parole : les haricots n’en demandent pas.\n\n"
            "Four pieces for guitar, harp and open window, written on a sloping allotment above "
            "Saint-Étienne. Watering, climbing, bees moving into the slag heap. No words: the beans never "
            "asked for any."
        ),
        languages=("fr", "en"),
        resources=_tracks(
            DORA,
            (("Dora Belleronce", 10_000),),
            ("Premier arrosage", "folk.premier_arrosage"),
            ("La rue qui monte", "folk.la_rue_qui_monte"),
            ("Les abeilles du terril", "folk.les_abeilles_du_terril"),
            ("Arrosoir du soir", "folk.arrosoir_du_soir"),
        ),
    ),
    Release(
        reference="HC-002-ruban-large",
        title="Ruban large",
        medium="music",
        kind="album",
        released_on="2025-11-07",
        label=LABEL,
        suffix="flac",
        subjects=("jazz", "trio", "instrumental"),
        description=(
            "Un disque de trio, enregistré dans un atelier où l’on tissait des rubans. Une ballade, une "
            "valse sur le rythme d’un métier, un blues et une bossa qui fait la navette. Les trois "
            "musiciens signent et partagent tout à parts égales, au point de base près."
        ),
        resources=_tracks(
            TRIO,
            THREE,
            ("Ruban large", "jazz.ruban_large"),
            ("Métier Jacquard", "jazz.metier_jacquard"),
            ("Velours et jais", "jazz.velours_et_jais"),
            ("La navette", "jazz.la_navette"),
        ),
    ),
    Release(
        reference="HC-003-equipe-de-nuit",
        title="Équipe de nuit",
        medium="music",
        kind="album",
        released_on="2026-05-02",
        label=LABEL,
        suffix="wav",
        subjects=("techno", "électronique", "instrumental"),
        description=(
            "Vingt heures, minuit, cinq heures : trois moments d’une nuit de laminage, du premier coup de "
            "presse à la relève. Une techno lente à chauffer, jouée en direct sur des machines qui ont "
            "connu l’acier."
        ),
        resources=_tracks(
            (("Laminoir", "main_artist"), ("Laminoir", "composer")),
            (("Association Laminoir", 8000), (HOUSE, 2000)),
            ("Équipe de nuit", "techno.equipe_de_nuit"),
            ("Pont roulant", "techno.pont_roulant"),
            ("Relève de cinq heures", "techno.releve_de_cinq_heures"),
        ),
    ),
    Release(
        reference="HC-004-bulletin-cotier",
        title="Bulletin côtier",
        medium="music",
        kind="album",
        released_on="2026-01-16",
        label=LABEL,
        suffix="ogg",
        min_age=3,
        subjects=("ambient", "mer", "instrumental"),
        description=(
            "Avis de grand frais, bouée cardinale, brume : trois bulletins météo mis en musique depuis la "
            "rade de Brest. À écouter bas, comme une radio dans une cuisine voisine.\n\n"
            "Gale warning, north cardinal buoy, fog: three shipping forecasts set to music from the harbour "
            "of Brest. Best heard low, like a radio in the kitchen next door."
        ),
        languages=("fr", "en"),
        resources=_tracks(
            RADE,
            DUO,
            ("Avis de grand frais", "ambient.avis_de_grand_frais"),
            ("Bouée cardinale", "ambient.bouee_cardinale"),
            ("Brume, corne, attente", "ambient.brume_corne_attente"),
        ),
    ),
    Release(
        reference="HC-005-comptines-a-ressort",
        title="Comptines à ressort",
        medium="music",
        kind="album",
        released_on="2026-02-06",
        label=LABEL,
        suffix="mp3",
        min_age=3,
        is_youth=True,
        subjects=("petite enfance", "comptines", "éveil musical"),
        description=(
            "Un ressort qui saute toujours une octave trop haut, trois chaussettes qui défilent, une tortue "
            "qui se dépêche puis s’endort. Des airs sans paroles pour en inventer, joués sur des jouets que "
            "l’on remonte d’abord."
        ),
        resources=_tracks(
            (("Atelier Ressort", "main_artist"), ("Atelier Ressort", "composer")),
            (("Association Atelier Ressort", 10_000),),
            ("Le ressort", "nursery.le_ressort"),
            ("Trois chaussettes", "nursery.trois_chaussettes"),
            ("La tortue pressée", "nursery.la_tortue_pressee"),
        ),
    ),
    Release(
        reference="HC-006-lettres-du-col",
        title="Lettres du col",
        medium="music",
        kind="album",
        released_on="2025-12-12",
        label=LABEL,
        suffix="flac",
        min_age=3,
        subjects=("musique de chambre", "quatuor à cordes", "instrumental"),
        description=(
            "Le col ferme en novembre et le courrier attend. Un choral, un canon et un dégel pour quatuor à "
            "cordes : ce que l’on s’écrit quand on ne peut plus se voir, et ce que l’on joue quand la route "
            "rouvre."
        ),
        resources=_tracks(
            (("Quatuor Ardoise", "main_artist"), ("Quatuor Ardoise", "composer")),
            (("Association Quatuor Ardoise", 9000), (HOUSE, 1000)),
            ("Col fermé", "strings.col_ferme"),
            ("Courrier du soir", "strings.courrier_du_soir"),
            ("Dégel", "strings.degel"),
        ),
    ),
    Release(
        reference="HC-007-lignes-d-eau",
        title="Lignes d’eau",
        medium="music",
        kind="album",
        released_on="2026-06-19",
        label=LABEL,
        suffix="mp3",
        subjects=("dub", "downtempo", "instrumental"),
        description=(
            "Deux dérives enregistrées le long du canal de Bruxelles, l’une à ciel ouvert, l’autre sous la "
            "ville, là où la Senne passe sans qu’on la voie. Basse ronde, mélodica, beaucoup d’écho."
        ),
        resources=_tracks(
            (("Kanal 9", "main_artist"), ("Kanal 9", "composer")),
            (("Kanal 9 ASBL", 8500), (HOUSE, 1500)),
            ("Ligne d’eau", "dub.ligne_d_eau"),
            ("Senne couverte", "dub.senne_couverte"),
        ),
    ),
    Release(
        reference="HC-008-berceuse-pour-un-tramway",
        title="Berceuse pour un tramway",
        medium="music",
        kind="single",
        released_on="2026-09-04",
        label=LABEL,
        suffix="flac",
        min_age=3,
        is_youth=True,
        subjects=("berceuse", "folk", "jazz"),
        description=(
            "Le dernier tramway rentre au dépôt et n’arrive pas à dormir. Dora Belleronce invite le Trio "
            "Passementier à le bercer, sur un rythme de rails."
        ),
        resources=(
            Resource(
                "Berceuse pour un tramway",
                "folk.berceuse_pour_un_tramway",
                (
                    ("Dora Belleronce", "main_artist"),
                    ("Trio Passementier", "performer"),
                    ("Dora Belleronce", "composer"),
                ),
                (
                    ("Dora Belleronce", 4000),
                    ("Ysé Calandre", 2000),
                    ("Basile Tournemine", 2000),
                    ("Lubin Orfroi", 2000),
                ),
            ),
        ),
    ),
)

SOUNDTRACK = Release(
    reference="MP-002-rigoles-bande-originale",
    title="Rigoles",
    subtitle="Bande originale du jeu",
    medium="music",
    kind="album",
    released_on="2026-04-10",
    label=STUDIO,
    suffix="ogg",
    min_age=3,
    is_youth=True,
    subjects=("chiptune", "musique de jeu", "instrumental"),
    description=(
        "Cinq voix, pas une de plus : la musique de « Rigoles », écrite comme pour une console d’autrefois, "
        "quatre boucles qui donnent envie de réfléchir encore un peu."
    ),
    resources=_tracks(
        (("Pixel Goémon", "main_artist"), ("Pixel Goémon", "composer")),
        (("Maëlig Goémon", 7000), ("Studio Mille-Pattes SAS", 3000)),
        ("Écran titre", "chip.ecran_titre"),
        ("Première rigole", "chip.premiere_rigole"),
        ("Pluie fine", "chip.pluie_fine"),
        ("Jardin sauvé", "chip.jardin_sauve"),
    ),
)
