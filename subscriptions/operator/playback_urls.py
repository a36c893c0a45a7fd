"""Addresses under /operator/playbacks/."""

from django.urls import path

from subscriptions.operator import playback_views as views

app_name = "playbacks"
urlpatterns = [
    path("", views.list_playbacks, name="list"),
    path("<int:flag_id>/review/", views.review, name="review"),
]
