"""The cast: invented people and houses in real towns. Nobody here exists; communes are by INSEE code."""

from __future__ import annotations

from dataclasses import dataclass

PERSON, ORGANISATION = "person", "organisation"
SAINT_ETIENNE, SAINT_CHAMOND, FIRMINY = "42218", "42207", "42095"
BREST, PLOUGASTEL = "29019", "29189"
DIE, CHATILLON_EN_DIOIS, VALENCE = "26113", "26086", "26362"
LYON, PARIS, LILLE, TOULOUSE = "69123", "75056", "59350", "31555"
LABEL, PUBLISHER, FILMS, STUDIO = (
    "Les Heures creuses",
    "Éditions de la Petite Écluse",
    "Atelier Demi-Jour",
    "Studio Mille-Pattes",
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is credited. `commune` is empty abroad."""

    name: str
    kind: str
    commune: str
    biography: str
    country: str = "FR"


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody who is paid, under a legal name. `commune` is empty abroad."""

    legal_name: str
    kind: str
    commune: str
    email: str
    country: str = "FR"


PARTIES = (
    Party(
        "Dora Belleronce",
        PERSON,
        SAINT_ETIENNE,
        "Guitariste et jardinière, Dora Belleronce compose sur la parcelle 11 des jardins ouvriers de "
        "Saint-Étienne, entre les haricots et la ligne de tramway. Elle enregistre seule, fenêtre ouverte, "
        "et garde les prises où l’on entend la rue.",
    ),
    Party(
        "Trio Passementier",
        ORGANISATION,
        FIRMINY,
        "Piano, contrebasse, balais. Le trio répète à Firminy dans un ancien atelier de passementerie dont "
        "les métiers battaient la mesure à trois temps. Il en a gardé l’oreille pour ce qui revient, se "
        "croise et tient ensemble.",
    ),
    Party("Ysé Calandre", PERSON, FIRMINY, "Pianiste du Trio Passementier."),
    Party("Basile Tournemine", PERSON, SAINT_ETIENNE, "Contrebassiste du Trio Passementier."),
    Party(
        "Lubin Orfroi",
        PERSON,
        SAINT_CHAMOND,
        "Batteur du Trio Passementier, fabricant de ses propres balais.",
    ),
    Party(
        "Laminoir",
        ORGANISATION,
        SAINT_CHAMOND,
        "Collectif de musique électronique de Saint-Chamond. Laminoir échantillonne des machines à l’arrêt, "
        "puis les remet en marche la nuit, au tempo.",
    ),
    Party(
        "Rade",
        ORGANISATION,
        BREST,
        "Nolwenn Estran et Goulven Bassemer jouent face à la rade de Brest, à deux synthétiseurs et un "
        "anémomètre. Leurs concerts suivent les horaires des marées.",
    ),
    Party("Nolwenn Estran", PERSON, BREST, "Moitié bâbord du duo Rade."),
    Party("Goulven Bassemer", PERSON, PLOUGASTEL, "Moitié tribord du duo Rade."),
    Party(
        "Pixel Goémon",
        PERSON,
        BREST,
        "Musique pour consoles à cinq voix et pour grèves à marée basse. Pixel Goémon écrit à Brest les "
        "bandes originales de jeux qui tiennent sur une disquette.",
    ),
    Party(
        "Atelier Ressort",
        ORGANISATION,
        TOULOUSE,
        "Compagnie toulousaine de musique pour la petite enfance. L’Atelier Ressort remonte, au sens "
        "propre, les jouets dont il joue.",
    ),
    Party(
        "Quatuor Ardoise",
        ORGANISATION,
        CHATILLON_EN_DIOIS,
        "Deux violons, un alto, un violoncelle et beaucoup de lacets. Le quatuor vit à Châtillon-en-Diois "
        "et joue dans les salles des fêtes que la neige veut bien laisser accessibles.",
    ),
    Party(
        "Kanal 9",
        ORGANISATION,
        "",
        (
            "Studio bruxellois installé au bord du canal. Kanal 9 mixe comme on éclusait : lentement, en "
            "laissant monter."
        ),
        country="BE",
    ),
    Party(
        LABEL,
        ORGANISATION,
        SAINT_ETIENNE,
        (
            "Label coopératif stéphanois fondé par ses musiciens. Il presse peu, écoute longtemps et "
            "partage à parts connues."
        ),
    ),
    Party(
        PUBLISHER,
        ORGANISATION,
        LYON,
        "Maison lyonnaise de livres illustrés et de textes brefs. La Petite Écluse publie quatre livres par "
        "an et relit chacun à voix haute.",
    ),
    Party(
        "Anselme Passepluie",
        PERSON,
        DIE,
        "Ancien facteur du Diois, Anselme Passepluie écrit des histoires pour les enfants à qui il "
        "distribuait le courrier, et maintenant pour les leurs.",
    ),
    Party(
        "Colombe Lavis",
        PERSON,
        LYON,
        (
            "Illustratrice à Lyon. Colombe Lavis découpe, tamponne et ne gomme jamais : ce qui dépasse "
            "devient un nuage."
        ),
    ),
    Party(
        "Hermine Sablier",
        PERSON,
        PARIS,
        "Hermine Sablier écrit dans les trains, et seulement dans ceux qui s’arrêtent partout.",
    ),
    Party(
        "Iris Halfpenny",
        PERSON,
        LILLE,
        "Traductrice à Lille, entre l’anglais de sa grand-mère et le français de ses voisins.",
    ),
    Party(
        FILMS,
        ORGANISATION,
        VALENCE,
        "Atelier de films courts installé à Valence. On y anime du papier, de l’eau et des lignes, image "
        "par image, avec les classes du quartier.",
    ),
    Party(
        "Maïa Fildefer",
        PERSON,
        LILLE,
        "Cinéaste d’animation à Lille. Maïa Fildefer dessine d’un seul trait, sans lever la main.",
    ),
    Party(
        "Corentin Mareille",
        PERSON,
        BREST,
        "Cinéaste à Brest. Corentin Mareille filme ce qui monte et ce qui descend.",
    ),
    Party(
        STUDIO,
        ORGANISATION,
        TOULOUSE,
        (
            "Studio toulousain de jeux calmes. Chez Mille-Pattes, on ne perd pas : on recommence, un pied "
            "après l’autre."
        ),
    ),
)

PAYEES = (
    Payee("Dora Belleronce", PERSON, SAINT_ETIENNE, "dora@example.org"),
    Payee("Ysé Calandre", PERSON, FIRMINY, "yse.calandre@example.org"),
    Payee("Basile Tournemine", PERSON, SAINT_ETIENNE, "basile.tournemine@example.org"),
    Payee("Lubin Orfroi", PERSON, SAINT_CHAMOND, "lubin.orfroi@example.org"),
    Payee("Association Laminoir", ORGANISATION, SAINT_CHAMOND, "laminoir@example.org"),
    Payee("Nolwenn Estran", PERSON, BREST, "nolwenn.estran@example.org"),
    Payee("Goulven Bassemer", PERSON, PLOUGASTEL, "goulven.bassemer@example.org"),
    Payee("Maëlig Goémon", PERSON, BREST, "pixel.goemon@example.org"),
    Payee("Association Atelier Ressort", ORGANISATION, TOULOUSE, "ressort@example.org"),
    Payee("Association Quatuor Ardoise", ORGANISATION, CHATILLON_EN_DIOIS, "ardoise@example.org"),
    Payee("Kanal 9 ASBL", ORGANISATION, "", "kanal9@example.org", country="BE"),
    Payee("Les Heures creuses SCOP", ORGANISATION, SAINT_ETIENNE, "label@example.org"),
    Payee("Éditions de la Petite Écluse SARL", ORGANISATION, LYON, "ecluse@example.org"),
    Payee("Anselme Passepluie", PERSON, DIE, "anselme.passepluie@example.org"),
    Payee("Colombe Lavis", PERSON, LYON, "colombe.lavis@example.org"),
    Payee("Hermine Sablier", PERSON, PARIS, "hermine.sablier@example.org"),
    Payee("Iris Halfpenny", PERSON, LILLE, "iris.halfpenny@example.org"),
    Payee("Association Atelier Demi-Jour", ORGANISATION, VALENCE, "demi-jour@example.org"),
    Payee("Maïa Fildefer", PERSON, LILLE, "maia.fildefer@example.org"),
    Payee("Corentin Mareille", PERSON, BREST, "corentin.mareille@example.org"),
    Payee("Studio Mille-Pattes SAS", ORGANISATION, TOULOUSE, "mille-pattes@example.org"),
)
