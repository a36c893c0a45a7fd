"""The Celery application; tasks live in each package's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaplatform.settings.base")

app = Celery("mediaplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "catalog.ingest",
        "catalog.packaging",
        "catalog.uploads",
        "catalog.usage",
        "subscriptions.patrons",
        "royalties.periods",
        "royalties.screening",
    ],
    related_name="tasks",
)
