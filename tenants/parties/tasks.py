"""What the worker does for people and letters."""

import logging

from celery import shared_task
from django.utils import timezone

from tenants.parties import mailing

logger = logging.getLogger(__name__)


@shared_task
def send_letters() -> int:
    """Send what is owed; runs every minute and whenever somebody nudges. Returns how many were sent."""
    return mailing.send_due(now=timezone.now())


def nudge() -> None:
    """Wake the sender, after a use-case that posted a letter. Never raises: the next sweep finds the rows anyway."""
    try:
        send_letters.apply_async(retry=False)
    except Exception as error:  # every broker has its own errors, and none of them may fail a booking
        logger.warning("The letter sender could not be woken: %s", error)
