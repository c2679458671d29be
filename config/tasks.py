"""The tasks of the installation itself."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import controlling
from config.models import Heartbeat

WORKER = "worker"


@shared_task
def beat() -> None:
    """Shows that beat, broker, worker and database work together: health reads the age of this row."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beaten_at": timezone.now()})


@shared_task
def drop_old_sessions() -> None:
    """Removes the sessions that have ended; an application whose mailed code was never typed in goes with it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def control() -> int:
    """Each night: look whether all that must be true is true."""
    return controlling.nightly(now=timezone.now())
