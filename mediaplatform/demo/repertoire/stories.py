"""What the publisher, the film workshop and the game studio deliver."""

from __future__ import annotations

from mediaplatform.demo.artists import FILMS, PUBLISHER, STUDIO
from mediaplatform.demo.repertoire.works import Release, Resource

BOOK_RELEASES = (
    Release(
        reference="PE-001-bonsoir-petit-caillou",
        title="Bonsoir, petit caillou",
        medium="book",
        kind="picture_book",
        released_on="2026-02-20",
        label=PUBLISHER,
        suffix="epub",
        min_age=3,
        is_youth=True,
        subjects=("album illustré", "sommeil", "petite enfance"),
        description=(
            "Un petit caillou ne trouve pas le sommeil : il fait trop froid, trop noir, trop calme. La "
            "rivière, la mousse et la lune passent l’une après l’autre lui prêter quelque chose. Un album "
            "pour le soir, à lire en sept pages et un bâillement."
        ),
        resources=(
            Resource(
                "Bonsoir, petit caillou",
                "bonsoir-petit-caillou",
                (
                    ("Anselme Passepluie", "author"),
                    ("Colombe Lavis", "illustrator"),
                    (PUBLISHER, "publisher"),
                ),
                (("Anselme Passepluie", 6000), ("Colombe Lavis", 4000)),
            ),
        ),
    ),
    Release(
        reference="PE-002-la-preteuse-de-nuages",
        title="La Prêteuse de nuages",
        medium="book",
        kind="picture_book",
        released_on="2025-10-03",
        label=PUBLISHER,
        suffix="epub",
        min_age=6,
        is_youth=True,
        subjects=("album illustré", "bibliothèque", "météo"),
        description=(
            "À la bibliothèque du village, on ne prête pas que des livres. Madame Ondine range aussi des "
            "nuages, par forme et par humeur, et attend toujours le retour d’un gros orage emprunté un "
            "dimanche. Dès six ans."
        ),
        resources=(
            Resource(
                "La Prêteuse de nuages",
                "la-preteuse-de-nuages",
                (
                    ("Anselme Passepluie", "author"),
                    ("Colombe Lavis", "illustrator"),
                    (PUBLISHER, "publisher"),
                ),
                (("Anselme Passepluie", 6000), ("Colombe Lavis", 4000)),
            ),
        ),
    ),
    Release(
        reference="PE-003-ou-dort-la-neige",
        title="Où dort la neige",
        subtitle="Where the Snow Sleeps",
        medium="book",
        kind="picture_book",
        released_on="2025-11-28",
        label=PUBLISHER,
        suffix="epub",
        min_age=6,
        is_youth=True,
        subjects=("album illustré", "bilingue", "saisons"),
        languages=("fr", "en"),
        description=(
            "En été, où va dormir la neige ? Une petite fille et un chien la cherchent dans toute la "
            "vallée. Un album bilingue, français d’abord, anglais tout contre.\n\n"
            "Where does the snow sleep in summer? A girl and her dog look for it all over the valley. A "
            "bilingual picture book."
        ),
        resources=(
            Resource(
                "Où dort la neige",
                "ou-dort-la-neige",
                (
                    ("Colombe Lavis", "author"),
                    ("Colombe Lavis", "illustrator"),
                    ("Iris Halfpenny", "translator"),
                    (PUBLISHER, "publisher"),
                ),
                (
                    ("Colombe Lavis", 5000),
                    ("Iris Halfpenny", 2000),
                    ("Éditions de la Petite Écluse SARL", 3000),
                ),
            ),
        ),
    ),
    Release(
        reference="PE-004-horaires-d-ete",
        title="Horaires d’été",
        subtitle="Textes brefs",
        medium="book",
        kind="book",
        released_on="2026-06-05",
        label=PUBLISHER,
        suffix="epub",
        min_age=16,
        is_explicit=True,
        subjects=("poésie", "textes brefs", "trains"),
        description=(
            "Douze textes écrits dans des trains qui s’arrêtent partout : un contrôleur amoureux, une "
            "valise de sable, une nuit d’hôtel à Modane, la géographie intime d’une ligne fermée. Pour les "
            "grandes personnes et les correspondances manquées."
        ),
        resources=(
            Resource(
                "Horaires d’été",
                "horaires-d-ete",
                (("Hermine Sablier", "author"), (PUBLISHER, "publisher")),
                (("Hermine Sablier", 7000), ("Éditions de la Petite Écluse SARL", 3000)),
            ),
        ),
    ),
)

PRINTED_RELEASES = (  # not EPUBs: a comic, and a PDF
    Release(
        reference="PE-005-la-neige-en-cases",
        title="La neige en cases",
        medium="book",
        kind="comic",
        released_on="2026-03-13",
        label=PUBLISHER,
        suffix="cbz",
        min_age=6,
        is_youth=True,
        subjects=("bande dessinée", "sans paroles", "saisons"),
        description=(
            "L’histoire d’« Où dort la neige » sans un mot, deux cases par page : une petite fille, un chien, une "
            "vallée entière. À lire avec quelqu’un qui ne sait pas encore lire."
        ),
        resources=(
            Resource(
                "La neige en cases",
                "ou-dort-la-neige",
                (("Colombe Lavis", "author"), ("Colombe Lavis", "illustrator"), (PUBLISHER, "publisher")),
                (("Colombe Lavis", 7000), ("Éditions de la Petite Écluse SARL", 3000)),
            ),
        ),
    ),
    Release(
        reference="PE-006-cahier-d-ete",
        title="Cahier d’été",
        subtitle="Une anthologie à imprimer",
        medium="book",
        kind="book",
        released_on="2026-06-19",
        label=PUBLISHER,
        suffix="pdf",
        min_age=16,
        is_explicit=True,
        subjects=("poésie", "textes brefs", "cahier"),
        description=(
            "Les textes d’« Horaires d’été » mis en page pour le papier : une page par train, de la marge pour "
            "écrire, et de quoi plier le tout dans une poche."
        ),
        resources=(
            Resource(
                "Cahier d’été",
                "horaires-d-ete",
                (("Hermine Sablier", "author"), (PUBLISHER, "publisher")),
                (("Hermine Sablier", 7000), ("Éditions de la Petite Écluse SARL", 3000)),
            ),
        ),
    ),
)

FILM_RELEASES = (
    Release(
        reference="DJ-001-la-ligne-va-se-promener",
        title="La ligne va se promener",
        medium="video",
        kind="film",
        released_on="2026-01-30",
        label=FILMS,
        suffix="mp4",
        min_age=3,
        is_youth=True,
        subjects=("animation", "dessin", "petite enfance"),
        description=(
            "Un trait part de la gauche de l’image et ne se lèvera plus. Il devient colline, maison, chat, "
            "vague, puis rentre chez lui. Film sans paroles, à voir et à refaire avec un crayon."
        ),
        resources=(
            Resource(
                "La ligne va se promener",
                "la-ligne-va-se-promener",
                (("Maïa Fildefer", "director"), ("Dora Belleronce", "composer"), (FILMS, "publisher")),
                (("Maïa Fildefer", 7000), ("Dora Belleronce", 1000), ("Association Atelier Demi-Jour", 2000)),
            ),
        ),
    ),
    Release(
        reference="DJ-002-marees",
        title="Marées",
        medium="video",
        kind="film",
        released_on="2025-10-17",
        label=FILMS,
        suffix="mp4",
        subjects=("animation", "mer", "expérimental"),
        description=(
            "Une lune, des bandes de papier, vingt-cinq heures ramenées à une demi-minute. Corentin "
            "Mareille observe l’estran comme une partition : ce qui monte, ce qui descend, ce qui reste."
        ),
        resources=(
            Resource(
                "Marées",
                "marees",
                (("Corentin Mareille", "director"), ("Rade", "composer"), (FILMS, "publisher")),
                (
                    ("Corentin Mareille", 6000),
                    ("Nolwenn Estran", 1000),
                    ("Goulven Bassemer", 1000),
                    ("Association Atelier Demi-Jour", 2000),
                ),
            ),
        ),
    ),
    Release(
        reference="DJ-003-papier-pierre-oiseau",
        title="Papier, pierre, oiseau",
        medium="video",
        kind="film",
        released_on="2026-04-24",
        label=FILMS,
        suffix="mp4",
        min_age=6,
        is_youth=True,
        subjects=("animation", "papier découpé", "jeu"),
        description=(
            "Des formes tombent sur la table, s’assemblent, se trompent, recommencent : un carré devient "
            "pierre, trois triangles deviennent oiseau. Réalisé en papier découpé avec une classe de "
            "Valence."
        ),
        resources=(
            Resource(
                "Papier, pierre, oiseau",
                "papier-pierre-oiseau",
                (("Maïa Fildefer", "director"), ("Atelier Ressort", "composer"), (FILMS, "publisher")),
                (
                    ("Maïa Fildefer", 3333),
                    ("Association Atelier Ressort", 3333),
                    ("Association Atelier Demi-Jour", 3334),
                ),
            ),
        ),
    ),
)

GAME_RELEASE = Release(
    reference="MP-001-rigoles",
    title="Rigoles",
    medium="game",
    kind="game",
    released_on="2026-04-10",
    label=STUDIO,
    suffix="zip",
    min_age=3,
    pegi=3,
    platforms=("desktop", "tablet", "phone"),
    controls=("mouse", "touch", "keyboard"),
    players="1",
    is_youth=True,
    subjects=("réflexion", "jardin", "jeu calme"),
    languages=("fr", "en"),
    description=(
        "Tournez les rigoles, amenez l’eau de la source à toutes les plantes du jardin. Ni chronomètre ni "
        "score : chaque jardin a toujours une solution, et le suivant attend qu’on ait fini de regarder "
        "celui-ci. Se joue à la souris, au doigt ou au clavier."
    ),
    resources=(
        Resource(
            "Rigoles",
            "rigoles",
            ((STUDIO, "developer"), ("Pixel Goémon", "composer"), (STUDIO, "publisher")),
            (("Studio Mille-Pattes SAS", 8000), ("Maëlig Goémon", 2000)),
        ),
    ),
)
