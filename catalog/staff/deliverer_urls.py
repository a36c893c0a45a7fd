"""Addresses under /operator/deliverers/."""

from django.urls import path

from catalog.staff import deliverer_views as views

app_name = "deliverers"
urlpatterns = [
    path("", views.list_deliverers, name="list"),
    path("<int:deliverer_id>/invite/", views.invite, name="invite"),
    path("<int:deliverer_id>/members/<int:user_id>/remove/", views.remove, name="remove"),
]
