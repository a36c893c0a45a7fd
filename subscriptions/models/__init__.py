"""Libraries, what they subscribe to, and who may use it. Private to this package."""

from subscriptions.models.billing import Offer, Subscription, SubscriptionLine
from subscriptions.models.exclusions import Exclusion
from subscriptions.models.libraries import Library, LibraryTerritory, StaffMembership
from subscriptions.models.patrons import AccessCode, CodeBatch, Patron, Profile, PseudonymKey
from subscriptions.models.playback import PlaybackPosition

__all__ = [
    "AccessCode",
    "CodeBatch",
    "Exclusion",
    "Library",
    "LibraryTerritory",
    "Offer",
    "Patron",
    "PlaybackPosition",
    "Profile",
    "PseudonymKey",
    "StaffMembership",
    "Subscription",
    "SubscriptionLine",
]
