"""One process that brings database, translations and static files up to date before anything is served."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.management import call_command

from mediaplatform.infrastructure import multipart
from mediaplatform.infrastructure.messages import compile_messages
from mediaplatform.infrastructure.objectstore import get_store


def prepare() -> None:
    """Compile translations, migrate, index works, collect static files, make the object store's folder or bucket."""
    compile_messages()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("index_catalogue", missing=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    store = get_store()
    store.prepare()
    multipart.of_store(store).allow_origin(settings.SITE_URL)


if __name__ == "__main__":
    prepare()
