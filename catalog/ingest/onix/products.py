"""A product as a release: an e-book with its file, or an audiobook with its chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from stdnum import isbn

from catalog.ingest.onix import codes
from catalog.ingest.onix.people import read_contributors, read_label
from catalog.ingest.onix.rights import read_window
from catalog.ingest.onix.words import read_description, read_subjects, read_title, short_language
from catalog.ingest.rows import ReleaseRow, ResourceRow, Sheets, TakedownRow
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

AUDIO_FILES = ("mp3", "m4a", "flac", "ogg", "opus", "wav")
PICTURES = ("jpg", "jpeg", "png", "webp")
OLDEST_PATRON = 18


def read_product(product: Node, *, folder: Path, base: str, sheets: Sheets) -> None:
    """Add a product to the sheets: its release, its files beside the message named by ISBN, its people.

    A printed book whose record comes along is passed over; a deleted or withdrawn product is taken down.
    """
    reference, is_isbn = identify(product)
    if not reference:
        return
    if _is_gone(product):
        sheets.takedowns[reference] = TakedownRow(file=product.file, line=product.line, reference=reference)
        return
    form = product.text("DescriptiveDetail/ProductForm")
    is_audio = form in codes.DIGITAL_AUDIO
    if not is_audio and not form.startswith(codes.DIGITAL_TEXT):
        return
    if reference in sheets.releases:
        product.fault("duplicate", _("Another record of this folder has this product."))
        return
    files = _audio_files(folder, base, reference) if is_audio else [f"{base}{reference}.epub"]
    if not files:
        _miss_files(product, f"{base}{reference}")
    details = product.first("DescriptiveDetail") or product
    title, subtitle = read_title(details)
    window = read_window(product)
    credited, parties = read_contributors(details)
    release = ReleaseRow(
        file=product.file,
        line=product.line,
        reference=reference,
        title=title,
        subtitle=subtitle,
        medium="music" if is_audio else "book",
        kind="audiobook" if is_audio else "book",
        released_on=_date(product, codes.FIRST_PUBLISHED) or _date(product, codes.PUBLISHED_ON),
        ean=reference if is_isbn else "",
        label=read_label(product),
        languages=_languages(details),
        subjects=read_subjects(details),
        description=read_description(product),
        min_age=_age(details, {codes.FROM, codes.EXACT}),
        max_age=_age(details, {codes.TO, codes.EXACT}),
        accessibility=_accessibility(details),
        related=_related(product),
        is_youth=_is_for_children(details),
        cover_file=_cover(product, folder, base, reference),
        windows=() if window is None else (window,),
    )
    sheets.releases[reference] = release
    for part in _parts(product, files, of=release, credited=credited):
        sheets.resources[part.reference] = part
    for party in parties:
        sheets.parties.put_new(party.name, party)


def _parts(
    product: Node, files: Sequence[str], *, of: ReleaseRow, credited: tuple[tuple[str, str], ...]
) -> Iterator[ResourceRow]:
    """Yield a resource for each file, in order; one alone is called as its release."""
    for place, file in enumerate(files, start=1):
        yield ResourceRow(
            said_in=product.file,
            line=product.line,
            release_reference=of.reference,
            reference=f"{of.reference}/{place}",
            position=place,
            title=_chapter_title(file) if len(files) > 1 else of.title,
            isrc="",
            duration_s=None,
            file=file,
            credits=credited,
        )


def _miss_files(product: Node, name: str) -> None:
    message = _("No sound file is named %(name)s.mp3, and no folder %(name)s has some.")
    product.fault("file_missing", message % {"name": name})


def _languages(details: Node) -> tuple[str, ...]:
    """Return the languages of the text, each once."""
    texts = [
        one for one in details.children("Language") if one.text("LanguageRole") == codes.LANGUAGE_OF_TEXT
    ]
    return tuple(dict.fromkeys(short_language(one.text("LanguageCode", limit=8).lower()) for one in texts))


def isbn_13(text: str) -> str:
    """Return an ISBN of either length as 13 digits. Raises: ValueError."""
    return str(isbn.validate(text, convert=True)).replace("-", "")


def identify(product: Node) -> tuple[str, bool]:
    """Return what a product is known by: its ISBN, else the sender's own reference; and whether it is an ISBN."""
    for kind in (codes.ISBN_13, codes.GTIN_13):
        for identifier in product.children("ProductIdentifier"):
            value = identifier.first("IDValue")
            if value and identifier.text("ProductIDType") == kind:
                bad = _("The check digit of this EAN or ISBN is wrong.")
                return value.number(isbn_13, code="bad_ean", message=bad), True
    own = product.text("RecordReference", limit=90)
    if not own:
        product.fault("missing", _("The product has neither an ISBN nor a reference of the sender's."))
    return own, False


def _is_gone(product: Node) -> bool:
    available = {one.value for one in product.every("ProductSupply/SupplyDetail/ProductAvailability")}
    return (
        product.text("NotificationType") == codes.DELETE
        or product.text("PublishingDetail/PublishingStatus") in codes.GONE
        or bool(available and available <= codes.UNAVAILABLE)
    )


def _date(product: Node, role: str) -> date | None:
    for one in product.every("PublishingDetail/PublishingDate"):
        if one.text("PublishingDateRole") == role:
            return one.day("Date")
    return None


def _audio_files(folder: Path, base: str, reference: str) -> list[str]:
    """Return `ISBN.mp3`, or the sound files of a folder `ISBN` in the order of their names."""
    for ending in AUDIO_FILES:
        if (folder / f"{base}{reference}.{ending}").is_file():
            return [f"{base}{reference}.{ending}"]
    place = folder / f"{base}{reference}"
    if place.is_symlink() or not place.is_dir():
        return []
    names = sorted(path.name for path in place.iterdir() if path.suffix.lower().lstrip(".") in AUDIO_FILES)
    return [f"{base}{reference}/{name}" for name in names]


def _chapter_title(file: str) -> str:
    """Return a file's name without its number and ending: `ISBN/02 - la crue.mp3` is la crue."""
    stem = PurePosixPath(file).stem
    return re.sub(r"^\d+[\s._-]*", "", stem)[:300] or stem[:300]


def _cover(product: Node, folder: Path, base: str, reference: str) -> str:
    """Return the front cover's path: a file that the record links to in the folder, else `ISBN.jpg` and the like."""
    for resource in product.every("CollateralDetail/SupportingResource"):
        if resource.text("ResourceContentType") == codes.FRONT_COVER:
            link = resource.text("ResourceVersion/ResourceLink", limit=255)
            if link and "://" not in link:
                return f"{base}{link}"
    names = (f"{base}{reference}.{ending}" for ending in PICTURES)
    return next((name for name in names if (folder / name).is_file()), "")


def _accessibility(details: Node) -> tuple[str, ...]:
    """Return the codes of list 196 that say something to a reader."""
    found = (
        one.text("ProductFormFeatureValue", limit=10)
        for one in details.children("ProductFormFeature")
        if one.text("ProductFormFeatureType") == codes.ACCESSIBILITY_DETAIL
    )
    return tuple(sorted({code for code in found if code in codes.ACCESSIBILITY}))


def _related(product: Node) -> tuple[tuple[str, str], ...]:
    """Return related products as (code of list 51, ISBN); those without an ISBN that is right are passed over."""
    found: dict[tuple[str, str], None] = {}
    for one in product.every("RelatedMaterial/RelatedProduct"):
        numbers = [
            identifier.text("IDValue")
            for identifier in one.children("ProductIdentifier")
            if identifier.text("ProductIDType") in {codes.ISBN_13, codes.GTIN_13}
        ]
        for code in {node.value for node in one.children("ProductRelationCode")} & codes.RELATIONS:
            found |= {(code, isbn_13(number)): None for number in numbers if isbn.is_valid(number)}
    return tuple(found)


def _age(details: Node, wanted: set[str]) -> int | None:
    """Return the age in years from which, or up to which, a reader is meant."""
    for audience in details.children("AudienceRange"):
        if audience.text("AudienceRangeQualifier") not in codes.AGE_IN_YEARS:
            continue
        precisions, values = (
            audience.children("AudienceRangePrecision"),
            audience.children("AudienceRangeValue"),
        )
        for precision, value in zip(precisions, values, strict=False):
            if precision.value not in wanted:
                continue
            if value.value.isdigit():
                return min(int(value.value), OLDEST_PATRON)
            value.fault("not_a_number", _("Write an age in whole years."))
    return None


def _is_for_children(details: Node) -> bool:
    return any(
        one.text("AudienceCodeType") == codes.ONIX_AUDIENCE
        and one.text("AudienceCodeValue") in codes.CHILDREN
        for one in details.children("Audience")
    )
