"""What happens to patrons' data by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from subscriptions.patrons import erasure, pseudonyms


@shared_task(acks_late=True, time_limit=60)
def destroy_old_pseudonym_keys() -> None:
    """Forget who was who, four months after a month's close."""
    pseudonyms.destroy_old_keys(now=timezone.now())


@shared_task(acks_late=True, time_limit=900)
def keep_no_longer() -> None:
    """Forget patrons a year after their last visit, and browser sessions that are over."""
    erasure.remove_absent_patrons(on=timezone.localdate(), now=timezone.now())
    erasure.forget_old_sessions()
