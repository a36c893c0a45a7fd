"""Background work of the door."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalog.streaming import flags


@shared_task(acks_late=True, time_limit=120)
def forget_old_flags() -> None:
    """Delete flags whose pseudonyms mean nothing any more."""
    flags.forget_old(now=timezone.now())
