"""Celery's side of deliveries."""

from __future__ import annotations

from celery import shared_task

from catalog.ingest import receiving, services
from mediaplatform.infrastructure.db import LockTaken


@shared_task(acks_late=True, soft_time_limit=3_400, time_limit=3_500)
def check_delivery(*, delivery_id: int) -> None:
    """Read a delivery and show what it would change."""
    services.check_delivery(delivery_id=delivery_id)


@shared_task(
    acks_late=True, soft_time_limit=3_400, time_limit=3_500, autoretry_for=(LockTaken,), max_retries=20
)
def apply_delivery(*, delivery_id: int) -> None:
    """Apply a confirmed delivery."""
    services.apply_delivery(delivery_id=delivery_id)


@shared_task(acks_late=True, time_limit=60)
def resume_deliveries() -> None:
    """Queue what was left behind."""
    receiving.resume_deliveries()
