"""Where somebody was going when they had to come in first: carried along in addresses, kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

NAME = "next"
LONGEST = 500


def read(request: HttpRequest) -> str:
    """Return the address that a request carries along, or nothing: never one of another site."""
    path = request.POST.get(NAME) or request.GET.get(NAME, "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and len(path) <= LONGEST else ""


def carry(url: str, path: str) -> str:
    """Return an address that carries another along: `/l/die/`, `/works/1/` -> `/l/die/?next=%2Fworks%2F1%2F`."""
    return f"{url}?{urlencode({NAME: path})}" if path else url
