"""Addresses under /operator/deliveries/."""

from django.urls import path

from catalog.staff import views

app_name = "deliveries"
urlpatterns = [
    path("", views.list_deliveries, name="list"),
    path("<int:delivery_id>/", views.show_delivery, name="detail"),
    path("<int:delivery_id>/packages/<int:package_id>/retry/", views.retry_package, name="retry"),
]
