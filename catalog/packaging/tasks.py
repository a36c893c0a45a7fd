"""Celery's side of packaging."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalog.packaging import queue, services, sweep


@shared_task(acks_late=True, soft_time_limit=7_000, time_limit=7_200)
def package_resource(*, package_id: int) -> None:
    """Make one package."""
    services.run_package(package_id=package_id)


@shared_task(acks_late=True, time_limit=300)
def tell_workers(*, package_ids: str) -> None:
    """Hand many packages out: their ids with commas."""
    queue.tell_workers([int(one) for one in package_ids.split(",")])


@shared_task(acks_late=True, time_limit=60)
def resume_packaging() -> None:
    """Queue what dead workers left."""
    services.resume_packaging()


@shared_task(acks_late=True, time_limit=3_000)
def sweep_packages() -> None:
    """Delete packages whose place another has taken, and what was left of those that no row speaks of."""
    now = timezone.now()
    sweep.sweep_packages(now=now)
    sweep.sweep_left(now=now)
