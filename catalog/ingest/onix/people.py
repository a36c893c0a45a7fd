"""Who made a product, and who publishes it."""

from __future__ import annotations

from stdnum import isni

from catalog.ingest.onix import codes
from catalog.ingest.onix.words import plain_text
from catalog.ingest.rows import PartyRow
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

Credits = tuple[tuple[str, str], ...]


def read_contributors(details: Node) -> tuple[Credits, list[PartyRow]]:
    """Return the credits as (name, role), in the order of their numbers, and a row for each party."""
    found: dict[tuple[str, str], None] = {}
    parties: dict[str, PartyRow] = {}
    for contributor in sorted(details.children("Contributor"), key=_place):
        roles = [one.value for one in contributor.children("ContributorRole") if one.value in codes.ROLES]
        name = _name(contributor) if roles else ""
        if not name:
            continue
        found |= {(name, codes.ROLES[role]): None for role in roles}
        parties.setdefault(
            name,
            PartyRow(
                line=contributor.line,
                name=name,
                kind="organisation" if contributor.text("CorporateName") else "person",
                isni=_isni(contributor),
                biography=plain_text(contributor.first("BiographicalNote"))[:20_000],
            ),
        )
    return tuple(found), list(parties.values())


def read_label(product: Node) -> str:
    """Return the imprint's name, else the publisher's."""
    publishers = [
        one.text("PublisherName", limit=200)
        for one in product.every("PublishingDetail/Publisher")
        if one.text("PublishingRole") in {"", codes.PUBLISHER}
    ]
    return product.text("PublishingDetail/Imprint/ImprintName", limit=200) or next(iter(publishers), "")


def _place(contributor: Node) -> int:
    number = contributor.text("SequenceNumber")
    return int(number) if number.isdigit() else 0


def _name(contributor: Node) -> str:
    whole = contributor.text("PersonName", "CorporateName", limit=200)
    parts = (
        contributor.text(part) for part in ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey")
    )
    name = whole or " ".join(part for part in parts if part)[:200]
    if not name:
        contributor.fault("missing", _("This contributor has no name."))
    return name


def _isni(contributor: Node) -> str:
    for identifier in contributor.children("NameIdentifier"):
        value = identifier.first("IDValue")
        if value and identifier.text("NameIDType") == codes.ISNI:
            bad = _("The check character of this ISNI is wrong.")
            return value.number(isni.validate, code="bad_isni", message=bad)
    return ""
