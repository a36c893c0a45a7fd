"""Addresses of the operators' desk for libraries."""

from django.urls import path

from subscriptions.operator import views

app_name = "operator"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("libraries/", views.library_list, name="libraries"),
    path("libraries/new/", views.new_library, name="new_library"),
    path("libraries/communes/", views.communes, name="communes"),
    path("libraries/<slug:slug>/", views.library, name="library"),
    path("libraries/<slug:slug>/subscribe/", views.subscribe, name="subscribe"),
    path("libraries/<slug:slug>/invite/", views.invite, name="invite"),
    path("offers/", views.offers, name="offers"),
]
