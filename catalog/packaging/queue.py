"""What waits to be packaged: rows first, then word to the workers, which may get lost and is given again."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Package, Resource
from catalog.packaging import recipes
from catalog.works import publishing
from mediaplatform.infrastructure import tasks
from mediaplatform.infrastructure.db import AmongIds

logger = logging.getLogger(__name__)

TASK, MANY = "catalog.packaging.tasks.package_resource", "catalog.packaging.tasks.tell_workers"
AT_ONCE = 1_000  # resources looked at in one go
MOST_TOLD = 200  # by whoever queues; telling of more is a task of its own
State = Package.State

# What a package of each resource asked for is made with; one without an original has none.
WANTED = """
SELECT r.id AS resource_id, r.original_id, v.recipe, v.version AS recipe_version, r.tracks_digest
FROM unnest(%(ids)s::bigint[]) asked(id) JOIN catalog_resource r ON r.id = asked.id
    JOIN catalog_mediafile f ON f.id = r.original_id
    JOIN unnest(%(media)s::text[], %(types)s::text[], %(recipes)s::text[], %(versions)s::int[])
        AS v(medium, content_type, recipe, version) ON v.medium = r.medium AND v.content_type = f.content_type
WHERE r.withdrawn_at IS NULL
"""
MISSING = f"""
SELECT w.* FROM ({WANTED}) w WHERE NOT EXISTS (
    SELECT FROM catalog_package p WHERE p.resource_id = w.resource_id AND p.original_id = w.original_id
        AND p.recipe = w.recipe AND p.recipe_version = w.recipe_version AND p.tracks_digest = w.tracks_digest)
"""  # noqa: S608 - of constants
COUNT = f"SELECT count(*) FROM ({MISSING}) m"  # noqa: S608 - of constants
ADD = f"""
INSERT INTO catalog_package (resource_id, original_id, recipe, recipe_version, tracks_digest, state, heartbeat_at,
    created_at, progress, attempts, facts, digest, size_bytes, fault_code, fault_detail, fault_msgid,
    fault_values)
SELECT w.*, 'queued', %(now)s, %(now)s, 0, 0, '{{}}', '', 0, '', '', '', '{{}}' FROM ({WANTED}) w
ON CONFLICT DO NOTHING
"""  # noqa: S608 - of constants
# Joined to the ids, for within the transaction of a delivery the tables have no statistics yet.
QUEUED = """
SELECT p.id FROM unnest(%(ids)s::bigint[]) asked(id) JOIN catalog_resource r ON r.id = asked.id
    JOIN catalog_package p ON p.resource_id = r.id AND p.original_id = r.original_id
        AND p.tracks_digest = r.tracks_digest
WHERE p.state = 'queued' AND r.withdrawn_at IS NULL
"""


def queue_packages(*, resource_ids: Sequence[int]) -> int:
    """Queue a package for each resource whose original the present recipe has not packaged; returns how many.

    A resource that is ready already may complete its release, so each release is looked at.
    """
    resources = Resource.objects.filter(pk__in=AmongIds(resource_ids), withdrawn_at=None).exclude(
        original=None
    )
    with connection.cursor() as cursor:
        cursor.execute(ADD, _parameters(resource_ids, resources) | {"now": timezone.now()})
        cursor.execute(QUEUED, {"ids": list(resource_ids)})
        ids = array("q", (pk for (pk,) in cursor.fetchall()))  # kept until the transaction is through
    publishing.publish_complete(release_ids=set(resources.values_list("release_id", flat=True)))
    transaction.on_commit(lambda: tell_workers(ids))
    return len(ids)


def queue_missing(*, medium: str | None = None, is_trial: bool = False) -> int:
    """Queue what no present recipe has packaged, of one medium or of all; returns how many wait now.

    A trial counts what would be queued anew and changes nothing. What plays today goes on playing until its
    successor is ready; the swept package goes a day later (see `sweep`).
    """
    resources = Resource.objects.filter(withdrawn_at=None).exclude(original=None)
    if medium is not None:
        resources = resources.filter(medium=medium)
    count, last = 0, 0
    while ids := list(resources.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        last = ids[-1]
        count += _count_missing(ids) if is_trial else queue_packages(resource_ids=ids)
    return count


def tell_workers(package_ids: Sequence[int]) -> None:
    """Tell the workers of packages that wait; of many, by a task: a message costs half a millisecond.

    Without a broker, or when a message is lost, the packages wait, and `resume_packaging` tells of them later.
    """
    known = dict(Package.objects.filter(pk__in=AmongIds(package_ids)).values_list("pk", "recipe"))
    ids = list(known)
    try:
        if len(ids) <= MOST_TOLD:
            for package_id, name in known.items():
                recipe = recipes.BY_NAME[name]
                tasks.send_task(TASK, arguments={"package_id": package_id}, queue=recipe.queue)
            return
        for first in range(0, len(ids), MOST_TOLD):
            said = ",".join(map(str, ids[first : first + MOST_TOLD]))
            tasks.send_task(MANY, arguments={"package_ids": said}, queue="default")
    except tasks.BrokerAway:
        logger.exception("no broker: %d packages wait for resume_packaging", len(ids))


def _count_missing(resource_ids: Sequence[int]) -> int:
    resources = Resource.objects.filter(pk__in=AmongIds(resource_ids)).exclude(original=None)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _parameters(resource_ids, resources))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _parameters(resource_ids: Sequence[int], resources: QuerySet[Resource]) -> dict[str, Any]:
    """Return the resources' ids and the present recipe of each kind of original that they have."""
    kinds = sorted(set(resources.order_by().values_list("medium", "original__content_type").distinct()))
    present = [recipes.recipe_for(medium=medium, content_type=kind or "") for medium, kind in kinds]
    return {
        "ids": list(resource_ids),
        "media": [medium for medium, _kind in kinds],
        "types": [kind or "" for _medium, kind in kinds],
        "recipes": [recipe.name for recipe in present],
        "versions": [recipe.version for recipe in present],
    }
