"""For whom a work can be read, heard or seen, in words, after W3C's guide to displaying EPUB accessibility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Medium, Package
from catalog.works.accessibility import describe_features

FEATURES: dict[str, Promise] = {
    "tableOfContents": _("table of contents"),
    "structuralNavigation": _("headings to move by"),
    "index": _("index"),
    "pageNavigation": _("pages of the printed edition"),
    "printPageNumbers": _("pages of the printed edition"),
    "alternativeText": _("pictures described in words"),
    "longDescription": _("long descriptions of pictures"),
    "describedMath": _("formulas described in words"),
    "MathML": _("formulas as text"),
    "captions": _("captions"),
    "transcript": _("transcript"),
    "audioDescription": _("audio description"),
    "signLanguage": _("sign language"),
    "synchronizedAudioText": _("text and voice together"),
    "displayTransformability": _("type and colours as you like"),
    "highContrastDisplay": _("strong contrast"),
    "largePrint": _("large print"),
    "readingOrder": _("a reading order"),
    "taggedPDF": _("tagged PDF"),
    "ttsMarkup": _("marks for reading aloud"),
    "rubyAnnotations": _("ruby annotations"),
}
HAZARDS: dict[str, Promise] = {
    "flashing": _("flashing"),
    "motionSimulation": _("simulated motion"),
    "sound": _("sudden sounds"),
}
NO_HAZARDS = frozenset({"none", "noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard"})
FORMATS = {"epub": "EPUB", "pdf": "PDF", "cbz": "CBZ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What is known, in the reader's language; an empty text or list: it is not said."""

    way: str = ""
    features: tuple[str, ...] = ()
    hazards: str = ""
    declared: tuple[str, ...] = ()  # by the publisher's message, beside the file
    summary: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    format: str = ""
    words: int = 0
    pages: int = 0
    is_film: bool = False


def find_accessibility(*, release_id: int, codes: Iterable[str] = ()) -> Accessibility | None:
    """Return what the packages of a film or a book say, and what codes of ONIX list 196 declare; None: nothing.

    An audiobook, or a book whose package is still to be made, has what its publisher declared alone.
    """
    declared = tuple(describe_features(codes))
    ready = Package.objects.filter(
        resource__release=release_id,
        resource__medium__in=[Medium.VIDEO, Medium.BOOK],
        resource__withdrawn_at=None,
        state=Package.State.READY,
    )
    rows = ready.order_by("recipe_version", "pk").values_list("resource_id", "resource__medium", "facts")
    newest = {resource_id: row for resource_id, *row in rows}
    if not newest:
        return Accessibility(declared=declared) if declared else None
    mediums, facts = zip(*newest.values(), strict=True)
    if Medium.VIDEO in mediums:
        return Accessibility(
            is_film=True,
            captions=_languages(one.get("captions", ()) for one in facts),
            descriptions=_languages(one.get("descriptions", ()) for one in facts),
        )
    return replace(describe_book(facts[0]), declared=declared)


def describe_book(facts: Mapping[str, Any]) -> Accessibility:
    """Put a book's facts into words; terms that are not known are passed over."""
    said: Mapping[str, list[str]] = facts.get("accessibility") or {}
    hazards = said.get("accessibilityHazard", [])
    named = [str(HAZARDS[one]) for one in hazards if one in HAZARDS]
    features = dict.fromkeys(
        str(FEATURES[one]) for one in said.get("accessibilityFeature", []) if one in FEATURES
    )
    return Accessibility(
        way=_way(said),
        features=tuple(features),
        hazards=", ".join(named) or (str(_("none")) if NO_HAZARDS & set(hazards) else ""),
        summary=tuple(said.get("accessibilitySummary", ())),
        format=FORMATS.get(facts.get("format", ""), ""),
        words=facts.get("words") or 0,
        pages=facts.get("pages") or 0,
    )


def _way(said: Mapping[str, list[str]]) -> str:
    """Say how the whole of it can be taken in: what suffices, else what it uses."""
    sufficient = [set(one.replace(" ", "").split(",")) for one in said.get("accessModeSufficient", [])]
    modes = set(said.get("accessMode", []))
    if {"textual"} in sufficient or modes == {"textual"}:
        return str(_("All of it can be read aloud, or in Braille"))
    if {"auditory"} in sufficient:
        return str(_("All of it can be heard"))
    if modes == {"visual"}:
        return str(_("Pictures: a screen reader can't read it"))
    if "textual" in modes:
        return str(_("Its text can be read aloud, its pictures can't"))
    return ""


def _languages(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the names of languages in the reader's own, each once."""
    codes = dict.fromkeys(code for codes in lists for code in codes if code)
    locale = Locale.parse((get_language() or "en").replace("-", "_"))
    return tuple(_language(code, locale) for code in codes)


def _language(code: str, locale: Locale) -> str:
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(locale) or code
    except (UnknownLocaleError, ValueError):
        return code
