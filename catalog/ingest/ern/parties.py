"""Who is credited in a message, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stdnum import isni

from catalog.ingest.ern.lists import Message
from catalog.ingest.faults import Fault, Faults
from catalog.ingest.rows import PartyRow
from catalog.ingest.spool import Rows, kept
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _

Credits = tuple[tuple[str, str], ...]

# DDEX' roles as ours; a role that is not shown (engineers, studios) is left out.
ROLES: Mapping[str, str] = {
    "MainArtist": "main_artist", "Artist": "main_artist", "Band": "main_artist", "PrimaryMusician": "main_artist",
    "FeaturedArtist": "performer", "Performer": "performer", "AssociatedPerformer": "performer",
    "Orchestra": "performer", "Choir": "performer", "Conductor": "performer", "Soloist": "performer",
    "Singer": "performer", "Musician": "performer", "Actor": "performer",
    "Composer": "composer", "ComposerLyricist": "composer",
    "Author": "author", "Lyricist": "author", "Librettist": "author",
    "Translator": "translator", "Director": "director", "FilmDirector": "director", "Narrator": "narrator",
    "Illustrator": "illustrator", "MusicPublisher": "publisher", "Publisher": "publisher",
}  # fmt: skip
NAME = ("PartyName/FullName", "FullName")
ROLE_ELEMENTS = (
    "DisplayArtistRole",
    "ArtistRole",
    "Role",
    "ResourceContributorRole",
    "IndirectResourceContributorRole",
)
REFERENCES = ("ArtistPartyReference", "ContributorPartyReference")


@kept
@dataclass(frozen=True, slots=True)
class Listed:
    """A party as it stands in a message, with what is wrong with it, which matters once it is credited."""

    row: PartyRow
    faults: tuple[Fault, ...]


class Parties:
    """The parties of a message; those that are credited are added to the rows of the delivery."""

    def __init__(self, message: Message, rows: Rows[PartyRow]) -> None:
        self.rows, self.faults = rows, message.root.faults
        self.listed: dict[str, Listed] | Rows[Listed] = message.table()
        for party in message.each("PartyList", "Party"):
            self.listed[party.text("PartyReference")] = _read(party)
        self.names: dict[str, str] = {}  # of those that were looked at, by reference

    def name(self, reference: Node) -> str:
        """Return the name of the party that a reference element means; a dangling one is a fault."""
        key = reference.value
        if key not in self.listed:
            message = _("No party of the message has the reference %(reference)s.")
            reference.fault("dangling_reference", message % {"reference": key})
            return ""
        if key not in self.names:
            self.names[key] = self._note(self.listed[key])
        return self.names[key]

    def label(self, details: Node) -> str:
        """Return the label's name: a reference in 4.x, plain words in 3.8."""
        reference = details.first("ReleaseLabelReference")
        return self.name(reference) if reference else details.text("LabelName", limit=200)

    def credits(self, *nodes: Node) -> Credits:
        """Return the display artists and contributors of elements as (name, role), each once."""
        found: dict[tuple[str, str], None] = {}
        for node in nodes:
            for credit in node.children("DisplayArtist", "Contributor", "ResourceContributor"):
                name = self._credited(credit)
                for role in self._roles(credit) if name else ():
                    found[name, role] = None
            for credit in node.children("IndirectResourceContributor"):
                if name := self._credited(credit):
                    found |= {(name, role): None for role in self._roles(credit)}
        return tuple(found)

    def _credited(self, credit: Node) -> str:
        reference = credit.first(*REFERENCES)
        if reference is not None:
            return self.name(reference)
        return self._note(_read(credit)) if credit.text(*NAME, limit=200) else ""

    def _roles(self, credit: Node) -> list[str]:
        """Return our roles of a credit; a display artist whose role is not among ours performs."""
        said = [one.text("Value") or one.value for one in credit.children(*ROLE_ELEMENTS)]
        roles = [ROLES[role] for role in said if role in ROLES]
        if not roles and credit.name == "DisplayArtist":
            roles = ["performer"] if said else ["main_artist"]
        return list(dict.fromkeys(roles))

    def _note(self, party: Listed) -> str:
        for fault in party.faults:
            self.faults.found.append(fault)
        if party.row.name:
            self.rows.put_new(party.row.name, party.row)
        return party.row.name


def _read(party: Node) -> Listed:
    own = Faults()
    party = replace(party, faults=own)
    name = party.text(*NAME, limit=200)
    if not name:
        party.fault("missing", _("This party has no full name."))
        return Listed(PartyRow(line=party.line, name=""), tuple(own.found))
    identifier = party.first("PartyId/ISNI") or next(
        (one for one in party.children("PartyId") if one.element.get("IsISNI") == "true"), None
    )
    bad = _("The check character of this ISNI is wrong.")
    number = identifier.number(isni.validate, code="bad_isni", message=bad) if identifier else ""
    return Listed(PartyRow(line=party.line, name=name, isni=number), tuple(own.found))
