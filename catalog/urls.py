"""The catalogue's addresses: patron pages, then what each part of the package mounts."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.web.urls")),
]
