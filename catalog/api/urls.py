"""Addresses of the catalogue under /api/v1/."""

from django.urls import path

from catalog.api import (
    deliveries,
    delivery_acts,
    docs,
    parties,
    parts,
    releases,
    resources,
    search,
    territories,
    uploads,
)

app_name = "catalog_api"
urlpatterns = [
    path("docs/", docs.show_docs, name="docs"),
    path("deliveries", deliveries.Deliveries.as_view(), name="deliveries"),
    path("deliveries/<int:delivery_id>", deliveries.OneDelivery.as_view(), name="delivery"),
    path("deliveries/<int:delivery_id>/confirm", delivery_acts.ConfirmDelivery.as_view(), name="confirm"),
    path("deliveries/<int:delivery_id>/discard", delivery_acts.DiscardDelivery.as_view(), name="discard"),
    path("deliveries/<int:delivery_id>/publish", delivery_acts.PublishDelivery.as_view(), name="publish"),
    path("deliveries/<int:delivery_id>/rollback", delivery_acts.RollBackDelivery.as_view(), name="rollback"),
    path("deliveries/<int:delivery_id>/waivers", delivery_acts.DeliveryWaivers.as_view(), name="waivers"),
    path("releases", releases.Releases.as_view(), name="releases"),
    path("releases/<int:release_id>", releases.OneRelease.as_view(), name="release"),
    path("resources", resources.Resources.as_view(), name="resources"),
    path("resources/<int:resource_id>", resources.OneResource.as_view(), name="resource"),
    path("parties", parties.Parties.as_view(), name="parties"),
    path("parties/<int:party_id>", parties.OneParty.as_view(), name="party"),
    path("territories", territories.Territories.as_view(), name="territories"),
    path("territories/<slug:level>/<slug:code>", territories.OneTerritory.as_view(), name="territory"),
    path("search", search.Search.as_view(), name="search"),
    path("uploads", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>", uploads.OneUpload.as_view(), name="upload"),
    path("uploads/<uuid:upload_id>/files", uploads.UploadFiles.as_view(), name="upload_files"),
    path("uploads/<uuid:upload_id>/files/<int:file_id>", uploads.OneUploadFile.as_view(), name="upload_file"),
    path("uploads/<uuid:upload_id>/parts", uploads.UploadParts.as_view(), name="upload_parts"),
    path("uploads/<uuid:upload_id>/complete", uploads.CompleteFiles.as_view(), name="upload_complete"),
    path("uploads/parts/<str:ticket>", parts.put_part, name="part"),
]
