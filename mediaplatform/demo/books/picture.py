"""The three picture books: for each page its text by language and what its picture shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page: French text, the picture's description for those who do not see it, English if bilingual."""

    text: str
    shows: str
    english: str = ""


PICTURE_BOOKS: dict[str, tuple[Page, ...]] = {
    "bonsoir-petit-caillou": (
        Page(
            "C’est le soir. Au bord de la rivière, un petit caillou ne dort pas.",
            "Un caillou gris aux yeux grands ouverts, sous un ciel de nuit.",
        ),
        Page(
            "« J’ai froid », dit le petit caillou. La mousse l’entend. Elle pousse un peu plus loin et lui "
            "fait une couverture verte.",
            "Une couverture de mousse verte remonte sur le caillou.",
        ),
        Page(
            "« Il fait trop noir », dit le petit caillou. La lune l’entend. Elle penche la tête et pose sur "
            "lui une goutte de lumière.",
            "La lune apparaît et éclaire le caillou d’un rayon.",
        ),
        Page(
            "« C’est trop calme », dit le petit caillou. La rivière l’entend. Elle raconte tout bas le "
            "chemin qu’elle a fait depuis la montagne.",
            "La rivière dessine de longues vagues devant le caillou.",
        ),
        Page(
            (
                "« Je suis tout seul », dit le petit caillou. Un escargot l’entend. Il met longtemps à "
                "venir. Mais il vient."
            ),
            "Un escargot arrive par la droite.",
        ),
        Page(
            "L’escargot s’installe. Il rentre une corne, puis l’autre. « Tu vois, dit-il, pour dormir, on "
            "commence par le bord. »",
            "L’escargot est tout contre le caillou, une seule corne dehors.",
        ),
        Page(
            "Le petit caillou ferme un œil. Il ferme l’autre. La mousse tient chaud, la lune tient "
            "compagnie, la rivière tient parole.",
            "Le caillou a fermé les yeux et sourit.",
        ),
        Page(
            "Bonsoir, petit caillou. À demain, dit la rivière, qui ne dort jamais.",
            "La nuit est pleine d’étoiles ; le caillou et l’escargot dorment.",
        ),
    ),
    "la-preteuse-de-nuages": (
        Page(
            "À Saint-Loup-des-Vents, la bibliothèque est la dernière maison avant le col. On y emprunte des "
            "romans, des cartes, des recettes. Et, si on le demande poliment, des nuages.",
            "Une maison jaune au pied d’une montagne ; un nuage sort par la fenêtre.",
        ),
        Page(
            "Madame Ondine les range par forme et par humeur : les moutons en haut, les boudeurs au milieu, "
            "les orages tout en bas, dans le tiroir qui ferme à clé.",
            "Une étagère de nuages, et un tiroir fermé à clé.",
        ),
        Page(
            "Lina vient le mercredi. Elle en choisit un petit, rond, un peu rose. « Trois semaines, dit "
            "Madame Ondine en tamponnant la fiche. Et on le rapporte sec. »",
            "Une petite fille tient un nuage rose au bout d’un fil.",
        ),
        Page(
            "Sur le chemin, le nuage suit Lina comme un chien. Il fait de l’ombre au chat, arrose un pied "
            "de tomates, s’accroche au clocher, se décroche.",
            "Le nuage rose pleut sur un plant de tomates, près d’un clocher.",
        ),
        Page(
            "Chez elle, Lina le pose sur l’armoire. La nuit, il ronfle un peu : cela fait un bruit de "
            "vapeur, et sur les vitres on peut dessiner avec le doigt.",
            "La nuit, le nuage dort sur une armoire ; une étoile est dessinée sur la vitre.",
        ),
        Page(
            "Mais un dimanche, quelqu’un a emprunté le gros orage sans remplir de fiche. Depuis, dans le "
            "village, plus une goutte. Les fontaines toussent, les radis rétrécissent.",
            "Un soleil énorme, une fontaine vide.",
        ),
        Page(
            "Lina a une idée. Elle monte au col avec son petit nuage et lui demande d’appeler. Le nuage "
            "devient gris, se gonfle, et fait le plus petit tonnerre du monde : « Poc. »",
            "Au sommet, le petit nuage devenu gris lance un tout petit éclair.",
        ),
        Page(
            "Alors, derrière la montagne, un grondement répond. L’orage arrive au galop, trempé, honteux : "
            "il s’était perdu en rentrant. Il pleut sur le village jusqu’au soir, et tout le monde danse "
            "sans parapluie.",
            "Un gros orage bleu sombre pleut sur les toits rouges du village.",
        ),
        Page(
            "Madame Ondine rouvre le tiroir. « Onze jours de retard », dit-elle. Puis elle regarde les "
            "jardins et range son tampon. « Pour cette fois, disons que c’était une prolongation. »",
            "Le village est vert, un arc-en-ciel part de la bibliothèque.",
        ),
    ),
    "ou-dort-la-neige": (
        Page(
            "En hiver, la neige habite partout.",
            "Une montagne, des maisons et des sapins tout blancs.",
            "In winter, the snow lives everywhere.",
        ),
        Page(
            "Au printemps, elle s’en va sans dire où.",
            "La montagne redevient verte ; un dernier carré de neige descend la pente.",
            "In spring it leaves, and does not say where.",
        ),
        Page(
            "« Elle dort quelque part », dit Suzon à son chien Grelot.",
            "Une petite fille en rouge et un chien blanc regardent la vallée.",
            "“It must be sleeping somewhere,” says Suzon to her dog, Grelot.",
        ),
        Page(
            "Ils regardent sous le pont. Il n’y a que l’eau, qui court.",
            "Un pont de pierre ; l’eau passe dessous.",
            "They look under the bridge. There is only water, running.",
        ),
        Page(
            "Ils regardent dans le verger. Il n’y a que des pétales, qui tombent sans faire de bruit.",
            "Des arbres en fleurs et des pétales blancs dans l’air.",
            "They look in the orchard. There are only petals, falling without a sound.",
        ),
        Page(
            "Ils regardent dans le ciel. Il n’y a qu’un nuage, blanc et gros, qui bâille.",
            "Un gros nuage blanc, la bouche ouverte.",
            "They look in the sky. There is only a cloud, big and white, yawning.",
        ),
        Page(
            "Tout en haut, dans un creux de la montagne, Grelot s’arrête et pose son museau sur ses pattes. "
            "La voilà. Elle respire à peine.",
            "Dans une grotte, la neige dort, roulée en boule.",
            "At the very top, in a fold of the mountain, Grelot stops and lays his nose on his paws. There "
            "it is. It hardly breathes.",
        ),
        Page(
            "« Chut, dit Suzon. Elle garde l’hiver au frais. »",
            "Suzon et Grelot redescendent sous les étoiles ; une lueur blanche dans la montagne.",
            "“Hush,” says Suzon. “It is keeping winter cool.”",
        ),
    ),
}
