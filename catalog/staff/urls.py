"""Addresses under /operator/deliveries/."""

from django.urls import path

from catalog.staff import key_views, upload_views, views

app_name = "deliveries"
urlpatterns = [
    path("", views.list_deliveries, name="list"),
    path("keys/", key_views.list_keys, name="keys"),
    path("keys/<int:key_id>/revoke/", key_views.revoke_key, name="revoke_key"),
    path("new/", upload_views.new_delivery, name="new"),
    path("<int:delivery_id>/", views.show_delivery, name="detail"),
    path("<int:delivery_id>/packages/<int:package_id>/retry/", views.retry_package, name="retry"),
]
