"""Settings of a test run: those of an installation, on a throw-away PostgreSQL and without collected static files."""

import os

from tests import postgres

os.environ.update(
    DATABASE_URL=postgres.url(),
    PLEIN_EMBEDDED="1",
    PLEIN_VAR=postgres.scratch_dir(),
    SECRET_KEY="only-for-tests-" * 5,
    SITE_URL="http://localhost:8000",
)
for name in (
    "EMAIL_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DEFAULT_FROM_EMAIL",
    "ALLOWED_HOSTS",
    "PLEIN_PROCESS",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
):
    os.environ.pop(name, None)

from config.settings import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 10 * 365 * 24 * 3600  # as in production: a browser asks for a style sheet once
CELERY_BROKER_URL = (
    "memory://"  # a nudge is accepted and nobody comes: as in production, no request does a task's work
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
