"""The one settings file. What differs between places comes from the environment (see docs/operations.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF

from mediaplatform.env import Environment, browser_origins

django_stubs_ext.monkeypatch()  # lets ModelAdmin[User] and the like be written

BASE_DIR = Path(__file__).resolve().parents[2]
env = Environment(os.environ)

# The place
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY")
SITE_URL = env.url("SITE_URL", schemes=frozenset({"http", "https"}))  # where people find the platform
GAMES_URL = env.url("GAMES_URL", schemes=frozenset({"http", "https"}))  # another site: games are not trusted
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
IS_HTTPS = SITE_URL.startswith("https://")
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)  # whose X-Real-IP says who asks
DEMO = env.flag("DEMO", default=False)  # shows the demo logins on the landing page

# Keys of their own, so that each can be rotated alone
GRANT_KEY_ID = env.text("GRANT_KEY_ID", "k1")
GRANT_SIGNING_KEY = env.key(
    "GRANT_SIGNING_KEY", size_bytes=32
)  # Ed25519 seed; edges get the public half only
GRANT_VERIFY_KEYS = env.names("GRANT_VERIFY_KEYS")  # `id=base64url` of further public keys, while rotating
ACCESS_CODE_KEY = env.key("ACCESS_CODE_KEY", size_bytes=32)

# Playing
PROFILE_SEATS = env.integer("PROFILE_SEATS", default=2, low=1, high=100)  # how many at once on one profile
STREAM_DELIVERY_URL = env.url(
    "STREAM_DELIVERY_URL", schemes=frozenset({"django", "nginx", "redirect", "cdn"}), default="django:"
)
STREAM_CDN_PRIVATE_KEY = env.file(
    "STREAM_CDN_PRIVATE_KEY_FILE", is_needed=STREAM_DELIVERY_URL.startswith("cdn:")
)
STREAM_HOSTS = [f"https://{urlsplit(STREAM_DELIVERY_URL).netloc}"] if STREAM_CDN_PRIVATE_KEY else []
PLAY_WITHOUT_SEATS = env.flag("PLAY_WITHOUT_SEATS", default=True)  # while Valkey is away: let play, or refuse
SERVE_UNCOUNTED = env.flag("SERVE_UNCOUNTED", default=True)  # while Valkey is away: stream on, or stop

# Delivering
UPLOAD_QUOTA_BYTES = env.integer("UPLOAD_QUOTA_GB", default=500, low=1, high=100_000) * 10**9  # a deliverer's
UPLOAD_DAYS = env.integer("UPLOAD_DAYS", default=7, low=1, high=60)  # how long an upload may lie untouched

# Parts, each chosen by one URL
DATABASES = {"default": env.database("DATABASE_URL")}
REDIS_URL = env.url("REDIS_URL", schemes=frozenset({"redis", "rediss", "unix"}))
OBJECT_STORE_URL = env.url("OBJECT_STORE_URL", schemes=frozenset({"file", "s3"}))
UPLOAD_HOSTS = browser_origins(OBJECT_STORE_URL)  # browsers send parts of files to a bucket themselves
CLAMAV_URL = env.text("CLAMAV_URL", "")  # tcp://host:3310 or unix:///path of a clamd; empty: no scan
FFMPEG = env.text("FFMPEG", "auto")  # a path, or `auto`: the system's, else the wheel's
FFMPEG_CPUS = env.integer("FFMPEG_CPUS", default=0, low=0, high=1_024)  # of each; 0: all of the machine's
EPUB_CHECK = env.text("EPUB_CHECK", "note")  # note what EPUBCheck says, refuse books with errors, or off

INSTALLED_APPS = [
    "mediaplatform.demo",
    "royalties",
    "subscriptions",
    "catalog",
    "mediaplatform.accounts",
    "mediaplatform.ui",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "catalog.streaming.front.FrontMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "subscriptions.patrons.middleware.AudienceMiddleware",
]
ROOT_URLCONF = "mediaplatform.urls"
WSGI_APPLICATION = "mediaplatform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mediaplatform.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "mediaplatform.ui.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "mediaplatform.ui.forms.FormRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "mediaplatform.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts exist by invitation, which proves the address
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "mediaplatform@localhost")

# Cookies and headers
SESSION_COOKIE_NAME = "mediaplatform_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *STREAM_HOSTS, *UPLOAD_HOSTS],
        "media-src": [SELF, "blob:", *STREAM_HOSTS],
        "frame-src": [SELF, GAMES_URL],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# What a profile began is known to those who know profiles (catalog.works.begun.ListBegun)
BEGUN_BY = "subscriptions.access.history.list_begun"

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "mediaplatform" / "locale"]
FORMAT_MODULE_PATH = ["mediaplatform.formats"]  # 27 November 2026, 14:05, also in English
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Paris"  # of pages, and of the accounting months

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("player", BASE_DIR / "mediaplatform" / "player" / "dist")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
    },  # media go through infrastructure.objectstore
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# Cache, queue
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULE = {
    "compact the play log": {"task": "catalog.usage.tasks.compact_plays", "schedule": 60.0},
    "take up deliveries": {"task": "catalog.ingest.tasks.resume_deliveries", "schedule": 60.0},
    "package what was left behind": {"task": "catalog.packaging.tasks.resume_packaging", "schedule": 60.0},
    "sweep replaced packages": {"task": "catalog.packaging.tasks.sweep_packages", "schedule": 3600.0},
    "sweep abandoned uploads": {"task": "catalog.uploads.tasks.sweep_uploads", "schedule": 3600.0},
    "forget old flags of playbacks": {
        "task": "catalog.streaming.tasks.forget_old_flags",
        "schedule": crontab(hour=4, minute=20),
    },
    "screen the month that ended": {
        "task": "royalties.screening.tasks.screen_last_month",
        "schedule": crontab(hour=3, minute=20),
    },
    "forget absent patrons": {
        "task": "subscriptions.patrons.tasks.keep_no_longer",
        "schedule": crontab(hour=4, minute=30),
    },
    "forget old pseudonym keys": {
        "task": "subscriptions.patrons.tasks.destroy_old_pseudonym_keys",
        "schedule": crontab(hour=4, minute=10),
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mediaplatform.infrastructure.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "mediaplatform",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "subscriptions.api.description.add_token_addresses",
        "catalog.api.description.allow_sparse_answers",
        "catalog.api.description.name_headers",
    ],
    "ENUM_NAME_OVERRIDES": {
        "MediumEnum": "catalog.holdings.words.MEDIA",
        "ReleaseKindEnum": "catalog.holdings.words.KINDS",
        "ReleaseStatusEnum": "catalog.holdings.words.RELEASE_STATES",
        "RoleEnum": "catalog.holdings.words.ROLES",
        "PartyKindEnum": "catalog.holdings.words.PARTY_KINDS",
        "PackageStateEnum": "catalog.holdings.words.PACKAGE_STATES",
        "DeliveryStateEnum": "catalog.holdings.words.DELIVERY_STATES",
        "UploadStateEnum": "catalog.holdings.words.UPLOAD_STATES",
        "LevelEnum": "catalog.holdings.words.LEVELS",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "catalog.streaming.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}

env.check()
