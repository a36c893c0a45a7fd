"""The address of one part at the platform's own door: signed, expiring, good for these very bytes alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from catalog.uploads.errors import AddressOver
from catalog.uploads.limits import ADDRESS_S

SALT = "catalog.uploads.part"


@dataclass(frozen=True, slots=True)
class PartTicket:
    """What an address lets in: a part of a file by its number, with this SHA-256 (hex)."""

    file_id: int
    number: int
    sha256: str


def sign_ticket(ticket: PartTicket) -> str:
    """Return the ticket as a piece of an address, good for `ADDRESS_S` seconds."""
    return signing.dumps([ticket.file_id, ticket.number, ticket.sha256], salt=SALT)


def read_ticket(signed: str) -> PartTicket:
    """Return the ticket. Raises: AddressOver, for one that is expired or not ours."""
    try:
        file_id, number, sha256 = signing.loads(signed, salt=SALT, max_age=ADDRESS_S)
    except signing.BadSignature as error:
        raise AddressOver from error
    return PartTicket(file_id, number, sha256)
