"""Hands tasks to the broker by name, from any process: web, command or worker."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from celery import Celery
from kombu.exceptions import OperationalError

# Each needs a worker: what is quick, deliveries (which may take an hour), and packaging by what it needs.
QUEUES = ("default", "deliveries", "audio", "video", "books")


class BrokerAway(Exception):
    """The broker did not take the task."""


def send_task(name: str, *, arguments: Mapping[str, int | str], queue: str) -> None:
    """Queue a task by its full name, without waiting for a broker that is away.

    Raises:
        BrokerAway: nobody took it; whoever sends keeps what is to be done in the database, and sends again.
    """
    try:
        _producer().send_task(name, kwargs=dict(arguments), queue=queue, retry=False)
    except (OperationalError, OSError) as error:
        raise BrokerAway(str(error)) from error


@lru_cache(maxsize=1)
def _producer() -> Celery:
    app = Celery("mediaplatform", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    return app
