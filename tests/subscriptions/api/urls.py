"""The addresses that playback needs, alone."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.web.urls")),
    path("", include("catalog.streaming.urls")),
    path("", include("subscriptions.api.urls")),
]
