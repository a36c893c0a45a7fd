"""An album's loudness: that of its recordings heard one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, Max

from catalog.models import Package, Release, Resource
from catalog.packaging import loudness


def measure_album(*, release_id: int) -> None:
    """Write a release's loudness from what its recordings' packages measured; called in a transaction.

    The release's row is locked, so that of two recordings that become ready at once the second counts both.
    """
    Release.objects.select_for_update().get(pk=release_id)
    ready = Package.objects.filter(
        resource__release=release_id,
        resource__withdrawn_at=None,
        original=F("resource__original"),
        state=Package.State.READY,
        facts__has_key="loudness_blocks",
    )
    newest: dict[int, Mapping[str, int]] = {}
    for resource_id, facts in ready.order_by("recipe_version", "pk").values_list("resource_id", "facts"):
        newest[resource_id] = facts["loudness_blocks"]
    blocks = [{int(tenths): count for tenths, count in one.items()} for one in newest.values()]
    peak = Resource.objects.filter(pk__in=newest).aggregate(highest=Max("true_peak_dbtp"))["highest"]
    level = loudness.integrate(blocks)
    Release.objects.filter(pk=release_id).update(
        loudness_lufs=level, true_peak_dbtp=None if level is None else peak
    )
