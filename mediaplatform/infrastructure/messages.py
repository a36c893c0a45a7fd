"""Translations without GNU gettext: extract, merge and compile with Babel; Django reads the templates.

`python -m mediaplatform.infrastructure.messages` brings the catalogues up to date (`make messages`).
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parents[2]
LOCALES = PROJECT / "mediaplatform" / "locale"
PACKAGES = ("mediaplatform", "catalog", "subscriptions", "royalties")
SKIPPED = {"node_modules", "migrations", "dist"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"(?<!\w)(?:_|n?p?gettext)\((?:{STRING}|[\w\s,.])*\)")
COMMENT = re.compile(r"#\s*Translators:.*")
Row = tuple[str | tuple[str, ...], str, int, list[str], str | None]


def compile_messages(locales: Path = LOCALES) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those that were compiled."""
    done = []
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(".partial")
        with source.open("rb") as read, partial.open("wb") as write:
            write_mo(write, read_po(read, locale=source.parents[1].name))
        partial.replace(target)
        done.append(target)
    return done


def update_messages(locale: str, *, project: Path = PROJECT, locales: Path = LOCALES) -> list[str]:
    """Merge what the source says now into a locale's catalogue; returns the messages without a translation.

    Messages no longer used are dropped; one like an old one is marked fuzzy and counts as untranslated.
    """
    path = locales / locale / "LC_MESSAGES" / "django.po"
    template = Catalog(project="mediaplatform", fuzzy=False)
    for message, place, line, comments, context in extract_messages(project):
        template.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale)
        catalog.update(template, no_fuzzy_matching=False, update_header_comment=False)
        catalog.obsolete.clear()
    else:
        catalog = template
        catalog.locale = locale
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False)
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not _is_translated(message.string))
    ]


def extract_messages(project: Path = PROJECT) -> Iterator[Row]:
    """Yield (message or its plural forms, file, line, translators' comments, context) of all our source."""
    for package in PACKAGES:
        for path in sorted((project / package).rglob("*")):
            if SKIPPED & set(path.parts) or path.suffix not in {".py", ".html", ".txt"}:
                continue
            if path.suffix != ".py" and "templates" not in path.parts:
                continue
            place = path.relative_to(project).as_posix()
            text = path.read_text("utf-8")
            source = text if path.suffix == ".py" else template_as_python(text, place)
            found = extract(
                "python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
            )
            for line, message, comments, context in found:
                yield message, place, line, comments, context


def template_as_python(text: str, place: str) -> str:
    """Return a template's translatable strings as Python calls, on the lines where they stand.

    Django's `templatize` writes for xgettext, which forgives much; what it leaves of the page goes.
    """
    from django.utils.translation.template import templatize

    lines = templatize(text, origin=place).splitlines()
    return "".join("; ".join(CALL.findall(line)) + "".join(COMMENT.findall(line)) + "\n" for line in lines)


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def main() -> None:
    """Update the catalogue of every language but English, in which the source is written, and report."""
    for locale in ("fr",):
        missing = update_messages(locale)
        lines = [f"{locale}: {len(missing)} messages without a translation", *missing]
        sys.stdout.write("\n".join(lines) + "\n")
    compile_messages()


if __name__ == "__main__":
    main()
