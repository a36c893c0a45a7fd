"""What a book says of its accessibility, in words: codes of ONIX list 196 (EDItEUR, issue 70)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FEATURES: Mapping[str, Promise] = {
    "52": _("Can be read without sight, with a screen reader or in braille"),
    "51": _("Can be followed by its recorded sound alone"),
    "02": _("EPUB Accessibility 1.0, level A"),
    "03": _("EPUB Accessibility 1.0, level AA"),
    "04": _("EPUB Accessibility 1.1"),
    "05": _("PDF/UA-1"),
    "06": _("PDF/UA-2"),
    "80": _("WCAG 2.0"),
    "81": _("WCAG 2.1"),
    "82": _("WCAG 2.2"),
    "84": _("WCAG level A"),
    "85": _("WCAG level AA"),
    "86": _("WCAG level AAA"),
    "10": _("No accessibility option is switched off"),
    "11": _("Table of contents to move by"),
    "12": _("Index to move by"),
    "13": _("One logical reading order"),
    "14": _("Short descriptions of pictures"),
    "15": _("Full descriptions of pictures"),
    "16": _("Charts also as text or tables"),
    "17": _("Formulas as MathML"),
    "18": _("Chemistry as ChemML"),
    "19": _("Page numbers of the printed edition"),
    "20": _("Recorded sound in step with the text"),
    "21": _("Hints for synthetic speech"),
    "22": _("Languages marked in the text"),
    "24": _("Made for readers with dyslexia"),
    "25": _("Colour is never the only sign"),
    "26": _("High contrast of text"),
    "27": _("Voices clear of the background sound"),
    "28": _("Full audio description"),
    "29": _("Headings to move by"),
    "30": _("ARIA roles"),
    "31": _("Controls with labels"),
    "32": _("Landmarks to move by"),
    "34": _("Formulas as LaTeX"),
    "36": _("Text size, face and colours can be changed"),
    "37": _("Very high contrast of text"),
    "08": _("Accessibility unknown"),
    "09": _("Not accessible, or with limits"),
}


def describe_features(codes: Iterable[str]) -> list[str]:
    """Return what codes say, what matters most first; a code that says nothing to a reader is left out."""
    said = set(codes)
    return [str(words) for code, words in FEATURES.items() if code in said]
