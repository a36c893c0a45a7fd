"""Addresses of the API's first version."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from subscriptions.api import history, saves, views

app_name = "api"
urlpatterns = [
    path("api/v1/playback/open", views.PlaybackOpen.as_view(), name="playback_open"),
    path("api/v1/playback/renew", views.PlaybackRenew.as_view(), name="playback_renew"),
    path("api/v1/playback/position", history.PlaybackPosition.as_view(), name="playback_position"),
    path("api/v1/saves/<int:resource_id>", saves.GameSaves.as_view(), name="saves"),
    path("api/v1/history", history.ProfileHistory.as_view(), name="history"),
    path("api/v1/queue/<int:release_id>", views.ReleaseQueue.as_view(), name="queue"),
    path(
        "api/v1/schema/",
        SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[AllowAny]),
        name="schema",
    ),
]
