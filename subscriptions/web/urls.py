"""Addresses of a library's own door."""

from django.urls import path

from subscriptions.web import views

app_name = "library"

urlpatterns = [
    path("l/<slug:slug>/", views.page, name="page"),
    path("l/<slug:slug>/enter/", views.enter, name="enter"),
    path("l/<slug:slug>/leave/", views.leave, name="leave"),
    path("l/<slug:slug>/look.css", views.look, name="look"),
]
