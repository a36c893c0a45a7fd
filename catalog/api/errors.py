"""What the catalogue's own errors are to a caller of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from catalog.errors import CatalogError
from catalog.holdings.selectors import HoldingMissing
from catalog.ingest.deliverers import DelivererMissing
from catalog.ingest.receiving import SourceRefused
from catalog.works.search.cursors import CursorRefused
from mediaplatform.infrastructure.problems import Refusal


class NotFound(Refusal):
    """There is no such thing, or it is none of the caller's."""

    code, status, message = "not_found", 404, _("There is nothing here that you may see.")


class NotTaken(Refusal):
    """The pipeline does not take what was sent; `code` is its own."""

    status = 422

    def __init__(self, error: CatalogError) -> None:
        self.code = error.code
        super().__init__(str(error))


class RollbackNotPossible(Refusal):
    """A delivery can't be taken back any more; `code` says by which rule."""

    status = 409

    def __init__(self, error: CatalogError) -> None:
        self.code = error.code
        super().__init__(str(error))


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the catalogue's errors into refusals."""
    try:
        yield
    except (HoldingMissing, DelivererMissing) as error:
        raise NotFound from error
    except (SourceRefused, CursorRefused) as error:
        raise NotTaken(error) from error
