"""Celery's part in invoicing: it only wakes; what is approved or waits for its PDF stands in rows."""

import logging

from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from tenants.billing import documents, invoicing, stripe
from tenants.billing.dunning import telling
from tenants.billing.online import collecting, inbox, reconciling, refunding
from tenants.parties import tasks as letters

logger = logging.getLogger(__name__)
TIME_IS_UP = (SoftTimeLimitExceeded,)
"""Strikes whatever happens to be in hand: that is not what went wrong."""


@shared_task
def issue_approved() -> int:
    """Issue what has been approved. Returns how many invoices were issued."""
    issued = invoicing.issue_approved(now=timezone.now(), let_through=TIME_IS_UP)
    if issued:
        nudge(send_documents)
    return issued


@shared_task
def send_documents() -> int:
    """Make the PDFs that are missing and owe the letters with them. Returns how many were made."""
    made = documents.send_documents(now=timezone.now(), let_through=TIME_IS_UP)
    if made:
        letters.nudge()
        nudge(send_documents)  # a sweep makes a hundred at most; the next one ends when none is left
    return made


@shared_task
def tell_of_reminders() -> int:
    """Tell bookkeepers which reminders are due and which costs can be charged; returns how many letters that takes."""
    return telling.tell(now=timezone.now())


@shared_task
def fetch_stripe_events() -> int:
    """Keep the events that Stripe could not deliver; returns how many were missed."""
    with stripe.patiently():
        return inbox.fetch_missed(now=timezone.now())


@shared_task
def reconcile_stripe() -> None:
    """Bring our picture of the account at Stripe up to date, and forget the words of old events."""
    now = timezone.now()
    inbox.forget(now=now)
    with stripe.patiently():
        reconciling.run(now=now)


@shared_task
def collect_online() -> int:
    """Announce and submit what is collected by mandates that were given online; returns how many were announced."""
    with stripe.patiently():
        return collecting.run(now=timezone.now(), let_through=TIME_IS_UP)


@shared_task
def send_refunds() -> int:
    """Pay back what was paid online, and look how it goes; returns how many were looked at."""
    with stripe.patiently():
        return refunding.send(now=timezone.now(), let_through=TIME_IS_UP)


def nudge(task: object) -> None:
    """Wake a task of this module. Never raises: the next sweep finds the rows anyway."""
    try:
        task.apply_async(retry=False)  # type: ignore[attr-defined]
    except Exception as error:  # every broker has its own errors, and none of them may fail an approval
        logger.warning("The worker could not be woken: %s", error)


def wake(name: str) -> None:
    """As `nudge`, for a task of a floor above, which has to be named: nothing here may know it."""
    try:
        current_app.send_task(name, retry=False)
    except Exception as error:
        logger.warning("The worker could not be woken: %s", error)
