"""Addresses of a library's own door."""

from django.urls import path

from subscriptions.web import privacy, profile_views, views

app_name = "library"

urlpatterns = [
    path("what-is-kept/", privacy.kept, name="kept"),
    path("what-is-kept/history/", privacy.keep_history, name="history"),
    path("what-is-kept/history/<int:release_id>/forget/", privacy.forget_begun, name="forget_begun"),
    path("what-is-kept/saves/", privacy.keep_saves, name="saves"),
    path("what-is-kept/erase/", privacy.erase, name="erase"),
    path("l/<slug:slug>/", views.page, name="page"),
    path("l/<slug:slug>/enter/", views.enter, name="enter"),
    path("l/<slug:slug>/leave/", views.leave, name="leave"),
    path("profiles/", profile_views.choose, name="profiles"),
    path("profiles/new/", profile_views.create, name="profile_new"),
    path("profiles/pin/", profile_views.pin, name="profile_pin"),
    path("profiles/kept/", profile_views.kept, name="profile_kept"),
    path("profiles/<int:profile_id>/enter/", profile_views.enter, name="profile_enter"),
    path("profiles/<int:profile_id>/remove/", profile_views.remove, name="profile_remove"),
    path("l/<slug:slug>/look.css", views.look, name="look"),
]
