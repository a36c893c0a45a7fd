"""The screening of the month that ended, each night until it is closed."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from mediaplatform.kernel.periods import Month
from royalties.screening import services


@shared_task(acks_late=True, time_limit=1800)
def screen_last_month() -> None:
    """Hold what the rules find, so that people can decide before the month is closed."""
    now = timezone.now()
    services.screen_month(month=Month.of(now).previous, now=now)
