"""What EPUBCheck found in a book, for the person who can mend it: how bad, which rule, where, and what to do.

The findings themselves are EPUBCheck's words, in English; what to do is ours, by the rule's id or its family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNS = {"fatal": "bad", "error": "bad", "warning": "warn"}  # ui/status.html
LEVELS: Mapping[str, str | Promise] = {"fatal": _("fatal"), "error": _("error"), "warning": _("warning")}
BY_RULE: Mapping[str, str | Promise] = {
    "RSC-001": _("Put the file that is named here into the book, or take its name out of the manifest."),
    "RSC-005": _("Correct the markup at this place, then export the book again."),
    "RSC-006": _("Put this file into the book: what lies elsewhere is not shown."),
    "RSC-007": _("Put the file that is named here into the book, or take the link out."),
    "RSC-008": _("Name this file in the book's manifest, or take the link out."),
    "RSC-011": _("Add the page to the reading order, or link to one that is in it."),
    "RSC-012": _("The link's target is missing: give it this id, or correct the link."),
    "RSC-016": _("This document is no valid XML: close its tags and export the book again."),
    "RSC-030": _("Take this link out: it leads to a file of the computer on which the book was made."),
    "OPF-014": _("Declare in the manifest what this document holds (scripted, svg, mathml, remote-resources)."),
    "OPF-015": _("Take the property out of the manifest: this document holds nothing of the kind."),
    "OPF-043": _("Readers show only XHTML and SVG in the reading order: convert this file, or give a fallback."),
    "OPF-049": _("The reading order names a file that the manifest does not: add it or take it out."),
    "OPF-053": _("Write the date as yyyy-mm-dd."),
    "PKG-006": _("Pack the book again with the file “mimetype” as its first, uncompressed."),
    "PKG-007": _("Pack the book again with the file “mimetype” as its first, uncompressed."),
    "OPF-092": _("Write the language as BCP 47 does, such as fr or pt-BR."),
}  # fmt: skip
BY_FAMILY: Mapping[str, str | Promise] = {
    "ACC": _("Readers who don't see or hear need this: add it to the document."),
    "CSS": _("Correct the style sheet at this place."),
    "HTM": _("Correct the markup at this place, then export the book again."),
    "MED": _("Convert the picture, sound or film to a format that EPUB allows, or correct its type."),
    "NAV": _("Correct the table of contents."),
    "NCX": _("Correct the table of contents for older readers (toc.ncx), or leave it out."),
    "OPF": _("Correct the package document (.opf) at this place."),
    "PKG": _("Pack the book again: its container is not as EPUB wants it."),
    "RSC": _("Correct this document or what it refers to, then export the book again."),
}
OTHERWISE = _("Look the rule up in EPUBCheck's documentation and export the book again.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One of EPUBCheck's messages. `place` is a file and line inside the book, empty for the whole."""

    level: str | Promise
    sign: str
    code: str
    place: str
    message: str
    advice: str | Promise


@dataclass(frozen=True, slots=True)
class Findings:
    """All of a book that are kept, the worst first; the counts are of what was found."""

    checker: str
    errors: int
    warnings: int
    messages: list[Finding]

    @property
    def total(self) -> int:
        """How many there are; more than `messages` past the first hundred."""
        return self.errors + self.warnings


def read_findings(facts: Mapping[str, Any]) -> Findings | None:
    """Return what `Package.facts` keeps of EPUBCheck; None where it did not run or had nothing to say."""
    said = facts.get("epubcheck")
    if not said or not said.get("messages"):
        return None
    messages = [
        Finding(
            level=LEVELS.get(one["level"], one["level"]),
            sign=SIGNS.get(one["level"], ""),
            code=one["code"],
            place=f"{one['file']}:{one['line']}" if one["line"] else one["file"],
            message=one["message"],
            advice=advise(one["code"]),
        )
        for one in said["messages"]
    ]
    return Findings(said["checker"], said["fatal"] + said["error"], said["warning"], messages)


def advise(code: str) -> str | Promise:
    """Return what to do about a rule."""
    return BY_RULE.get(code) or BY_FAMILY.get(code.partition("-")[0]) or OTHERWISE
