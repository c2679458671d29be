"""Settings of a test run: those of an installation, on a throw-away PostgreSQL and without collected static files."""

import os
from hashlib import sha1

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
CELERY_BROKER_URL = (
    "memory://"  # a nudge is accepted and nobody comes: as in production, no request does a task's work
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
# What is final refuses TRUNCATE, and that is how Django empties the database after a test with real transactions.
FINAL = (
    "Invoice", "InvoiceLine", "InvoiceVat", "InvoiceDocument", "Receivable", "Payment", "Allocation", "JournalEntry",
    "JournalLine",
)  # fmt: skip
_TRIGGERS = [f"billing.{name}:never_truncated" for name in FINAL]
_IGNORED = [f"pgtrigger_never_truncated_{sha1(each.encode()).hexdigest()[:5]}" for each in _TRIGGERS]  # noqa: S324
DATABASES["default"]["OPTIONS"]["options"] = f"-c pgtrigger.ignore={{{','.join(_IGNORED)}}}"
