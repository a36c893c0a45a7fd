"""Every address of the catalogue: patrons' pages, streams, deliveries as operators and labels see them."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.web.urls")),
    path("", include("catalog.streaming.urls")),
    path("api/v1/", include("catalog.api.urls")),
    path("operator/deliveries/", include("catalog.staff.urls")),
    path("operator/deliverers/", include("catalog.staff.deliverer_urls")),
    path("deliveries/", include("catalog.staff.urls", namespace="own_deliveries")),
]
