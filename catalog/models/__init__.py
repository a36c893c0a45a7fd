"""What is in the catalogue. Private to this package: others call its selectors and services."""

from catalog.models.deliveries import (
    Deliverer,
    Delivery,
    DeliveryChange,
    DeliveryFault,
    DeliveryFile,
    RightsWaiver,
)
from catalog.models.flags import StreamFlag
from catalog.models.media import FilmTrack, LeftPackage, MediaFile, Package
from catalog.models.parties import Party, Payee
from catalog.models.releases import Availability, Credit, Medium, Release, Resource
from catalog.models.rights import RightsShare
from catalog.models.search import SearchDocument, SearchTerm
from catalog.models.splits import SplitLine, SplitSheet
from catalog.models.territories import Territory
from catalog.models.uploads import Upload, UploadFile, UploadPart
from catalog.models.usage import Heartbeat, PlayHold, PlayLogDay, PlayLogObject

__all__ = [
    "Availability",
    "Credit",
    "Deliverer",
    "Delivery",
    "DeliveryChange",
    "DeliveryFault",
    "DeliveryFile",
    "FilmTrack",
    "Heartbeat",
    "LeftPackage",
    "MediaFile",
    "Medium",
    "Package",
    "Party",
    "Payee",
    "PlayHold",
    "PlayLogDay",
    "PlayLogObject",
    "Release",
    "Resource",
    "RightsShare",
    "RightsWaiver",
    "SearchDocument",
    "SearchTerm",
    "SplitLine",
    "SplitSheet",
    "StreamFlag",
    "Territory",
    "Upload",
    "UploadFile",
    "UploadPart",
]
