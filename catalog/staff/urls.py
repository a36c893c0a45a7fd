"""Addresses under /operator/deliveries/ and, for those who deliver, /deliveries/."""

from django.urls import path

from catalog.staff import acts, key_views, sending, upload_views, views

app_name = "deliveries"
urlpatterns = [
    path("", views.list_deliveries, name="list"),
    path("keys/", key_views.list_keys, name="keys"),
    path("keys/<int:key_id>/revoke/", key_views.revoke_key, name="revoke_key"),
    path("new/", upload_views.new_delivery, name="new"),
    path("send/", sending.send, name="send"),
    path("try/", sending.try_out, name="try"),
    path("example/<slug:kind>/", sending.download_example, name="example"),
    path("<int:delivery_id>/", views.show_delivery, name="detail"),
    path("<int:delivery_id>/faults.csv", views.download_faults, name="faults"),
    path("<int:delivery_id>/confirm/", acts.confirm, name="confirm"),
    path("<int:delivery_id>/discard/", acts.discard, name="discard"),
    path("<int:delivery_id>/publish/", acts.publish, name="publish"),
    path("<int:delivery_id>/roll-back/", acts.roll_back, name="roll_back"),
    path("<int:delivery_id>/allow-shares/", acts.allow_shares, name="allow_shares"),
    path("<int:delivery_id>/packages/<int:package_id>/retry/", views.retry_package, name="retry"),
]
