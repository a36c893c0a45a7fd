"""Settings of the tests: throwaway secrets, and servers that tests/conftest.py has started."""

import base64
import os
import secrets
import tempfile

for name, value in {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "GRANT_SIGNING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "ACCESS_CODE_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "SITE_URL": "http://localhost:8000",
    "GAMES_URL": "http://127.0.0.1:8001",
    "DATABASE_URL": "postgres://nobody@localhost:1/none",
    "REDIS_URL": "redis://localhost:1/0",
    "OBJECT_STORE_URL": f"file://{tempfile.gettempdir()}/mediaplatform-test-objects",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "LOG_LEVEL": "WARNING",
    "EPUB_CHECK": "off",  # seconds a book; its own tests switch it on
}.items():
    os.environ.setdefault(name, value)

from mediaplatform.settings.base import *  # noqa: E402, F403 - the environment must stand first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
