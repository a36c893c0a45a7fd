"""Every address of the royalties: the artists' portal, the operators' months."""

from django.urls import include, path

urlpatterns = [
    path("portal/", include("royalties.portal.urls")),
    path("operator/months/", include("royalties.staff.urls")),
]
