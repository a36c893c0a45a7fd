"""A message that says of a release only what is new: its title, or further deals."""

from __future__ import annotations

from catalog.ingest.ern.deals import Deals, add_deal
from catalog.ingest.ern.releases import identify
from catalog.ingest.ern.resources import TITLES
from catalog.ingest.rows import UpdateRow
from catalog.ingest.xml_node import Node
from mediaplatform.infrastructure.said import say as _


def read_update(update: Node) -> UpdateRow:
    """Return what an update says; one that says nothing which is read is a fault."""
    details = update.by_territory("ReleaseDetailsByTerritory")
    title = update.text(*TITLES) or details.text(*TITLES)
    deals = Deals([])
    for terms in update.every("DealList/Deal/DealTerms"):
        add_deal(deals, terms)
    if not title and not deals.windows:
        message = _("This update has neither a title nor a deal by which subscribers may stream.")
        update.fault("empty", message)
    return UpdateRow(
        file=update.file,
        line=update.line,
        reference=identify(update),
        title=title,
        windows=tuple(deals.windows),
    )
