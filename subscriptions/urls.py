"""Every address of the subscriptions: doors, consoles, the playback API."""

from django.urls import include, path

urlpatterns = [
    path("", include("subscriptions.web.urls")),
    path("", include("subscriptions.api.urls")),
    path("staff/", include("subscriptions.staff.urls")),
    path("operator/playbacks/", include("subscriptions.operator.playback_urls")),
    path("operator/", include("subscriptions.operator.urls")),
]
