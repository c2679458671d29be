"""The one task of the installation itself."""

from celery import shared_task
from django.utils import timezone

from config.models import Heartbeat

WORKER = "worker"


@shared_task
def beat() -> None:
    """Shows that beat, broker, worker and database work together: health reads the age of this row."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beaten_at": timezone.now()})
