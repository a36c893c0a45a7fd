"""The package's base error; the specific ones stand beside the functions that raise them."""

from __future__ import annotations


class CatalogError(Exception):
    """Something of the catalogue's that was refused; `code` is stable, the message is for people."""

    code = "catalog_error"

    @property
    def words(self) -> str:
        """All that is to be said, as it can be kept and said again in another language."""
        said = self.args[0] if self.args else ""
        return (
            said if isinstance(said, str) else str(self)
        )  # not `str(said)`, which forgets what it is made of
