"""Addresses of a library's own door."""

from django.urls import URLPattern

app_name = "library"

urlpatterns: list[URLPattern] = []
