"""The WSGI application, served by granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaplatform.settings.base")
django = get_wsgi_application()

from catalog.streaming.wsgi import StreamsFirst  # noqa: E402 - after the settings

application = StreamsFirst(django)

# What is loaded now stays: collections need not walk through it again. A fifth of a search's CPU (docs/performance.md).
gc.collect()
gc.freeze()
