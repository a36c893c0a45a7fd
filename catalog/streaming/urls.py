"""Addresses under a token."""

from django.urls import path

from catalog.streaming import views

app_name = "streaming"
urlpatterns = [
    path("m/<str:token>/heartbeat", views.receive_heartbeat, name="heartbeat"),
    path("m/<str:token>/close", views.close_session, name="close"),
    path("m/<str:token>/_grant", views.show_grant, name="grant"),
    path("m/<str:token>/<path:path>", views.serve_file, name="file"),
]
