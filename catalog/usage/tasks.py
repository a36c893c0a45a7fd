"""Background work of the play log."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalog.usage import compaction


@shared_task(acks_late=True, time_limit=900, autoretry_for=(OSError,), max_retries=3, retry_backoff=True)
def compact_plays() -> None:
    """Bring the play log up to date with the acknowledged heartbeats."""
    compaction.compact_open_days(now=timezone.now())
