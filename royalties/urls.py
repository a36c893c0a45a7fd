"""Every address of the royalties: the artists' portal, the operators' months, libraries' contributions."""

from django.urls import include, path

urlpatterns = [
    path("portal/", include("royalties.portal.urls")),
    path("staff/", include("royalties.contribution.urls")),
    path("operator/months/", include("royalties.staff.urls")),
]
