"""When and where a release may be streamed by subscribers, from its deals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.ingest.countries import every_country
from catalog.ingest.ern.lists import Message
from catalog.ingest.rows import Window
from catalog.ingest.xml_node import WORLDWIDE, Node
from mediaplatform.infrastructure.said import say as _

MODELS = frozenset({"SubscriptionModel"})
USES = frozenset({"OnDemandStream", "Stream", "UseForStreaming"})


@dataclass(slots=True)
class Deals:
    """What the deals say of one release."""

    windows: list[Window]
    is_taken_down: bool = False


def read_deals(message: Message, references: Iterable[str]) -> dict[str, Deals]:
    """Return the deals by release reference; a deal for a release that is not in the message is a fault.

    Only deals of a subscription that streams count. Deals of one release that meet in time and place are a fault.
    """
    found: dict[str, Deals] = {reference: Deals([]) for reference in references}
    for group in message.each("DealList", "ReleaseDeal"):
        for reference in group.children("DealReleaseReference"):
            if reference.value not in found:
                words = _("No release of the message has the reference %(reference)s.")
                reference.fault("dangling_reference", words % {"reference": reference.value})
                continue
            for terms in group.every("Deal/DealTerms"):
                add_deal(found[reference.value], terms)
    return found


def take_deals_of_tracks(deals: Mapping[str, Deals], *, mains: Collection[str]) -> None:
    """Give a release that only its tracks may be streamed of the windows that all its tracks have.

    An album that is sold as a whole and streamed track by track says so. With several releases in one message it is
    not known which tracks are whose, and nothing is taken.
    """
    tracks = [one for key, one in deals.items() if key not in mains]
    if len(mains) != 1 or not tracks:
        return
    main = deals[next(iter(mains))]
    if not main.windows and not main.is_taken_down:
        main.windows = [one for one in tracks[0].windows if all(one in other.windows for other in tracks)]


def add_deal(deals: Deals, terms: Node) -> None:
    """Note a deal that counts; one that meets another in time and place is a fault."""
    if terms.text("TakeDown") == "true":
        deals.is_taken_down = True
        return
    models = {one.value for one in terms.children("CommercialModelType")}
    uses = {one.value for one in (*terms.children("UseType"), *terms.every("Usage/UseType"))}
    if not (models & MODELS and uses & USES):
        return
    window = _window(terms)
    if window is None:
        return
    if any(_meet(window, other) for other in deals.windows):
        terms.fault("deals_overlap", _("Another deal holds at the same time in the same territory."))
        return
    deals.windows.append(window)


def _window(terms: Node) -> Window | None:
    starts_on = terms.day("ValidityPeriod/StartDate", "ValidityPeriod/StartDateTime")
    if starts_on is None:
        terms.fault("missing", _("The deal does not say from which day on it holds."))
        return None
    last_day = terms.day("ValidityPeriod/EndDate", "ValidityPeriod/EndDateTime")
    if last_day and last_day < starts_on:
        terms.fault("ends_before_start", _("The last day is before the first."))
        return None
    return Window(_countries(terms), starts_on, last_day + timedelta(days=1) if last_day else None)


def _countries(terms: Node) -> tuple[str, ...]:
    """Return the ISO codes of a deal in order; nothing for the whole world."""
    given = {one.value for one in terms.children("TerritoryCode")} - {WORLDWIDE}
    excluded = {one.value for one in terms.children("ExcludedTerritoryCode")}
    every = every_country()
    for node in terms.children("TerritoryCode", "ExcludedTerritoryCode"):
        if node.value != WORLDWIDE and node.value not in every:
            message = _("%(code)s is no country of ISO 3166.") % {"code": node.value}
            node.fault("unknown_country", message)
    if excluded:
        given = set(given or every) - excluded
    return tuple(sorted(given & every))


def _meet(one: Window, other: Window) -> bool:
    far = date.max
    in_time = one.starts_on < (other.ends_on or far) and other.starts_on < (one.ends_on or far)
    in_place = not one.countries or not other.countries or set(one.countries) & set(other.countries)
    return in_time and bool(in_place)
