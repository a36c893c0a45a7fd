"""What a cataloguer asks of a work beyond its makers, in words: rights lines, a game's needs, related works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.models import Release
from catalog.models.releases import ReleaseQuerySet
from catalog.works.cards import Particulars, RelatedWork, Relation
from catalog.works.shelf import release_url

PLATFORMS: Mapping[str, Promise] = {
    "desktop": gettext_lazy("computer"),
    "tablet": gettext_lazy("tablet"),
    "phone": gettext_lazy("phone"),
    "tv": gettext_lazy("television"),
}
CONTROLS: Mapping[str, Promise] = {
    "keyboard": gettext_lazy("keyboard"),
    "mouse": gettext_lazy("mouse"),
    "touch": gettext_lazy("touch"),
    "gamepad": gettext_lazy("gamepad"),
}
DESCRIPTORS: Mapping[str, Promise] = {  # of PEGI, as the template of deliveries names them
    "violence": gettext_lazy("violence"),
    "bad_language": gettext_lazy("strong language"),
    "fear": gettext_lazy("may frighten"),
    "gambling": gettext_lazy("games of chance"),
    "sex": gettext_lazy("sex"),
    "drugs": gettext_lazy("drugs"),
    "discrimination": gettext_lazy("discrimination"),
    "in_game_purchases": gettext_lazy("purchases in the game"),
}
RELATIONS: Mapping[str, Promise] = {  # ONIX list 51, what tells most first
    "05": gettext_lazy("Newer edition"),
    "03": gettext_lazy("Earlier edition"),
    "02": gettext_lazy("Part of"),
    "01": gettext_lazy("Contains"),
    "30": gettext_lazy("In the same collection"),
    "11": gettext_lazy("In another language"),
    "06": gettext_lazy("In another form"),
    "13": gettext_lazy("In another form"),
    "27": gettext_lazy("In another form"),
    "22": gettext_lazy("By the same author"),
    "23": gettext_lazy("Alike"),
    "34": gettext_lazy("Cites"),
    "35": gettext_lazy("Cited by"),
}


def describe_particulars(release: Release, *, visible: ReleaseQuerySet) -> Particulars:
    """Return what a release says of itself; one query for the works it names, none where it names none.

    `visible`: the releases that the audience may see.
    """
    return Particulars(
        p_line=sign_line("℗", release.p_line),
        c_line=sign_line("©", release.c_line),
        platforms=name_all(release.platforms, PLATFORMS),
        controls=name_all(release.controls, CONTROLS),
        players=describe_players(release.min_players, release.max_players),
        ages=describe_ages(release.min_age, release.max_age),
        relations=_relations(release, visible),
    )


def sign_line(sign: str, line: str) -> str:
    """Return a rights line with its sign once: `℗ 2026 Rive Gauche`; nothing for an empty line."""
    said = line.strip()
    for written in (sign, "(P)", "(p)") if sign == "℗" else (sign, "(C)", "(c)"):
        said = said.removeprefix(written).strip()
    return f"{sign} {said}" if said else ""


def name_all(codes: Iterable[str], words: Mapping[str, Promise]) -> tuple[str, ...]:
    """Return the words for codes, in the order of the words; a code that has none stands as it is."""
    known = list(codes)
    return (
        *(str(name) for code, name in words.items() if code in known),
        *(code for code in known if code not in words),
    )


def describe_players(low: int | None, high: int | None) -> str:
    """Say how many play: `1 player`, `2 to 4 players`; nothing when it is not said."""
    if low is None:
        return ""
    if high is None or high == low:
        return ngettext("%(count)d player", "%(count)d players", low) % {"count": low}
    return _("%(low)d to %(high)d players") % {"low": low, "high": high}


def describe_ages(low: int | None, high: int | None) -> str:
    """Say for whom it is: `From 6 to 10 years`. Only the lowest age hides anything; the highest is advice."""
    if low is None:
        return _("Not rated: not shown to young readers")
    if high is not None:
        if low == high:
            return ngettext("For the age of %(age)d year", "For the age of %(age)d years", high) % {
                "age": high
            }
        return _("From %(low)d to %(high)d years") % {"low": low, "high": high}
    return _("From %(min_age)s years") % {"min_age": low} if low else _("For everybody")


def _relations(release: Release, visible: ReleaseQuerySet) -> tuple[Relation, ...]:
    """Return the related works of the catalogue by relation, each work once under what tells most."""
    labels: dict[str, str] = {}
    for code, number in sorted(release.related, key=lambda one: _rank(one[0])):
        if code in RELATIONS:
            labels.setdefault(str(number).replace("-", ""), str(RELATIONS[code]))
    if not labels:
        return ()
    found = visible.filter(ean__in=sorted(labels)).exclude(pk=release.pk).only("title", "kind", "ean")
    by_label: dict[str, list[RelatedWork]] = {label: [] for label in labels.values()}
    for work in found.order_by("title", "pk"):
        line = RelatedWork(title=work.title, url=release_url(work), kind_label=work.get_kind_display())
        by_label[labels[work.ean]].append(line)
    return tuple(Relation(label=label, works=tuple(works)) for label, works in by_label.items() if works)


def _rank(code: str) -> int:
    return list(RELATIONS).index(code) if code in RELATIONS else len(RELATIONS)
