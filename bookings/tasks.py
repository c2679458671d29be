"""Celery's part: it only wakes; what is due stands in rows."""

from celery import shared_task
from django.utils import timezone

from bookings import reminding, reserving


@shared_task
def release_expired_holds() -> int:
    """Each minute: end the holds that ran out."""
    return reserving.release_expired(now=timezone.now())


@shared_task
def remind() -> int:
    """Each ten minutes: owe the reminders of tomorrow, once it is the hub's hour for it."""
    return reminding.remind(now=timezone.now())
