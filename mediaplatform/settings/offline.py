"""Settings of the commands that only read and write files: no service, no secret, no environment."""

import secrets

SECRET_KEY = secrets.token_urlsafe(48)  # signs nothing: no page is served with these settings
INSTALLED_APPS = ["royalties"]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
