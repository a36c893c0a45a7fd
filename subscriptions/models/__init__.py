"""Libraries, what they subscribe to, and who may use it. Private to this package."""

from subscriptions.models.billing import Offer, Subscription, SubscriptionLine
from subscriptions.models.exclusions import Exclusion
from subscriptions.models.libraries import Library, LibraryTerritory, StaffMembership
from subscriptions.models.patrons import AccessCode, CodeBatch, Patron, Profile, PseudonymKey, SignedInBeside
from subscriptions.models.playback import GameSave, PlaybackPosition

__all__ = [
    "AccessCode",
    "CodeBatch",
    "Exclusion",
    "GameSave",
    "Library",
    "LibraryTerritory",
    "Offer",
    "Patron",
    "PlaybackPosition",
    "Profile",
    "PseudonymKey",
    "SignedInBeside",
    "StaffMembership",
    "Subscription",
    "SubscriptionLine",
]
