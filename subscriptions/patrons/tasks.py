"""What happens to patrons' data by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from subscriptions.patrons import services


@shared_task(acks_late=True, time_limit=60)
def destroy_old_pseudonym_keys() -> None:
    """Forget who was who, four months after a month's end."""
    services.destroy_old_pseudonym_keys(now=timezone.now())
