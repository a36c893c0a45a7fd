"""The values that answers may hold, for whoever describes them."""

from __future__ import annotations

from catalog.models import Credit, Delivery, Medium, Package, Party, Release, Territory, Upload

MEDIA = Medium.values
KINDS = Release.Kind.values
RELEASE_STATES = Release.Status.values
ROLES = Credit.Role.values
PARTY_KINDS = Party.Kind.values
PACKAGE_STATES = Package.State.values
DELIVERY_STATES = Delivery.State.values
UPLOAD_STATES = Upload.State.values
LEVELS = Territory.Level.values
