"""Celery's side of uploads."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalog.uploads import sweeping


@shared_task(acks_late=True, time_limit=1_800)
def sweep_uploads() -> None:
    """Remove what nobody finishes."""
    sweeping.sweep(now=timezone.now())
