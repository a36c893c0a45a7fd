"""« Horaires d’été »: twelve short texts from slow trains, for grown-ups."""

from __future__ import annotations

TEXTS: tuple[tuple[str, str], ...] = (
    (
        "04 h 12",
        (
            "Le premier train ne transporte que ceux qui n’ont pas dormi et ceux qui vont nettoyer les "
            "bureaux des autres. Les uns ferment les yeux, les autres les ouvrent. Entre les deux, une "
            "femme épluche une orange avec un soin d’horlogère. Quand elle a fini, elle en pose un quartier "
            "sur la tablette de chacun, sans un mot, comme on distribue des billets. Il fait encore nuit et "
            "tout le wagon sent le matin."
        ),
    ),
    (
        "Quai",
        (
            "Attendre est un métier. Il faut des chaussures qui tiennent, une poche pour chaque main, un "
            "point fixe au bout des rails. Les débutants regardent l’horloge. Les autres savent que le "
            "train arrive par l’oreille : d’abord le gravier, puis le fil, puis l’air. À la fin seulement, "
            "la lumière. On se lève juste avant elle. C’est toute la différence."
        ),
    ),
    (
        "Le contrôleur",
        (
            "Il a poinçonné mon billet en forme de cœur, ou bien sa pince était abîmée. Je n’ai pas osé "
            "demander. J’ai fait le trajet quatre jeudis de suite. Le cinquième, c’était un trou rond. "
            "Depuis, je voyage avec un abonnement, que personne ne perce."
        ),
    ),
    (
        "Omnibus",
        (
            "J’aime les trains qui s’arrêtent partout. Ils croient aux villages. Ils descendent dire "
            "bonjour à deux platanes et à un banc, laissent monter une odeur de blé, repartent en "
            "s’excusant. Un train direct est une phrase sans virgules : on arrive, mais qui a parlé ?"
        ),
    ),
    (
        "Valise",
        (
            "À la consigne, on a ouvert la valise de mon père après vingt ans. Elle était pleine de sable. "
            "Pas de lettre, pas de chemise : du sable jusqu’aux charnières, tassé, tiède aurait-on dit. Ma "
            "sœur voulait le jeter. J’en ai gardé un bocal. Les jours de grand vent, il change de niveau."
        ),
    ),
    (
        "Modane, chambre 9",
        (
            "Dernier train parti, hôtel de la gare, un seul lit, deux inconnus de la même correspondance "
            "manquée. Nous avons ri, puis nous n’avons plus ri. Ta bouche avait le goût du tunnel, de la "
            "pluie et du café de cinq heures. Au matin tu dormais nu dans la lumière des wagons-citernes, "
            "beau comme une gare où rien n’est affiché. J’ai pris le premier omnibus. Je ne connais de toi "
            "que l’épaule gauche et le mot « reste », dit en trois langues."
        ),
    ),
    (
        "Passage à niveau",
        (
            "La barrière se baisse et toute la route apprend la patience. Le tracteur coupe son moteur. "
            "L’enfant compte les wagons : quarante et un, dont un bleu. Dans la dernière voiture, quelqu’un "
            "lève la main, à tout hasard. Quarante et un wagons plus tard, nous sommes tous un peu de sa "
            "famille."
        ),
    ),
    (
        "Ligne fermée",
        (
            "On a enlevé les rails mais pas la pente. Les ronces suivent encore l’horaire, les vaches se "
            "lèvent à dix-sept heures six. Au café de la Gare, qui n’a plus de gare, on sert debout, vite, "
            "comme si le train allait repartir. Le soir, le chef de l’ancienne halte ferme les volets et "
            "annonce à sa femme le retard de la nuit."
        ),
    ),
    (
        "Objets trouvés",
        (
            "Onze parapluies, un dentier, une robe de mariée taille quarante, un violon sans âme, trois "
            "urnes, un perroquet qui répète le nom d’une gare que nous n’avons pas sur la carte. Réclamés : "
            "les parapluies."
        ),
    ),
    (
        "Wagon-bar",
        (
            "Un homme commande un whisky à dix heures vingt. Le barman regarde l’horloge ; l’homme aussi. « "
            "Il est plus tard là où je vais », dit l’homme. Le barman sert. Derrière la vitre passent des "
            "peupliers, une usine, une rivière qui hésite, et le visage de l’homme, par-dessus, que rien "
            "n’arrête."
        ),
    ),
    (
        "Correspondance",
        (
            "Tu m’écrivais de Vierzon, je te répondais de Dole. Nos lettres se croisaient sans se saluer, "
            "quelque part vers Nevers, à l’heure où l’on double les voies. Nous avons été heureux là, "
            "exactement, en notre absence, dans un sac postal, l’un contre l’autre."
        ),
    ),
    (
        "22 h 57",
        (
            "Le dernier train ramène l’été par petites quantités : du sel sur une nuque, une tente mal "
            "pliée, un coup de soleil qui s’est endormi contre la vitre. Le contrôleur passe sans "
            "contrôler. Il éteint une lampe sur deux, puis l’autre. À chaque arrêt descend un peu de mer."
        ),
    ),
)
