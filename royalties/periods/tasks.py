"""Celery's side of closing a month."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from royalties.periods import attempts


@shared_task(acks_late=True, soft_time_limit=3_500, time_limit=3_600)
def compute_month(*, attempt_id: int) -> None:
    """Preview or close one month."""
    attempts.work_on(attempt_id=attempt_id, now=timezone.now())
