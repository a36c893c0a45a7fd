"""The package's base error; the specific ones stand beside the functions that raise them."""

from __future__ import annotations


class CatalogError(Exception):
    """Something of the catalogue's that was refused; `code` is stable, the message is for people."""

    code = "catalog_error"
