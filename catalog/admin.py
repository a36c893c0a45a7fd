from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from catalog.models import Party, Payee, Release, Resource, Territory
from catalog.streaming import denials


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin[Territory]):
    list_display = ["name", "level", "code", "population", "vintage"]
    list_filter = ["level"]
    search_fields = ["search_name", "code"]


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin[Party]):
    list_display = ["name", "kind", "home"]
    list_select_related = ["home"]
    search_fields = ["name", "isni"]
    autocomplete_fields = ["home"]


@admin.register(Payee)
class PayeeAdmin(admin.ModelAdmin[Payee]):
    list_display = ["legal_name", "kind", "home", "email"]
    list_select_related = ["home"]
    search_fields = ["legal_name", "email"]
    autocomplete_fields = ["home"]


class ResourceInline(admin.TabularInline[Resource, Release]):
    model = Resource
    fields = readonly_fields = ("reference", "position", "title", "isrc", "duration_s", "withdrawn_at")
    extra = 0
    can_delete = False
    show_change_link = False


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin[Release]):
    """Read what was delivered; corrections come by a new delivery."""

    list_display = ["title", "medium", "kind", "status", "deliverer", "reference"]
    list_filter = ["status", "medium", "deliverer"]
    search_fields = ["title", "reference", "ean"]
    readonly_fields = [
        "deliverer",
        "reference",
        "medium",
        "kind",
        "label",
        "cover",
        "published_at",
        "withdrawn_at",
    ]
    inlines = [ResourceInline]

    def save_model(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Keep it; what is taken down here is heard no longer either."""
        super().save_model(request, obj, form, change)
        if change and "status" in form.changed_data and obj.status == Release.Status.WITHDRAWN:
            gone = obj.resources.values_list("pk", flat=True)
            denials.stop_when_committed(resources=list(gone), now=timezone.now())
