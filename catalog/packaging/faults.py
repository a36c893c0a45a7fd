"""Why a package can't be made; each code stays the same for good, the message is for the deliverer."""

from __future__ import annotations

from catalog.errors import CatalogError
from mediaplatform.infrastructure.said import join_lines


class PackageFault(CatalogError):
    """The original can't be packaged. Trying again would not help."""

    def __init__(self, code: str, message: str, *, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(message)

    @property
    def words(self) -> str:
        """The message, and its detail on lines of its own."""
        return join_lines(super().words, self.detail) if self.detail else super().words
