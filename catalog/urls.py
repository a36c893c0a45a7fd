"""Every address of the catalogue: patrons' pages, streams, operators' deliveries."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.web.urls")),
    path("", include("catalog.streaming.urls")),
    path("operator/deliveries/", include("catalog.staff.urls")),
]
