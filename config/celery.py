"""The Celery app and every periodic task of the installation, each with its reason.

Every task is a sweep over rows that are due, so a run that is missed, doubled or cut off costs nothing:
the rows are the truth and a message only wakes the worker. `expires` drops the copies that pile up while
no worker runs.
"""

import os
from datetime import UTC, datetime
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Beat remembers nothing over a restart; each sweep is due at once, or one that is rare might never run."""

app = Celery("plein")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int, task: str) -> dict[str, Any]:
    """A beat entry; a copy that has not begun when the next one comes is dropped."""
    options = {"expires": seconds}
    return {"task": task, "schedule": float(seconds), "options": options, "last_run_at": LONG_AGO}


app.conf.beat_schedule = {
    # health sees that beat, broker or worker has stopped
    "heartbeat": every(10, "config.tasks.beat"),
    # whoever owes a letter wakes the sender; this finds what a crash, a lost message or a mail server left behind
    "letters": every(20, "tenants.parties.tasks.send_letters"),
    # what the bookkeeper approved, also when the worker was away or was killed halfway
    "invoices": every(30, "tenants.billing.tasks.issue_approved"),
    # the PDFs and letters of issued invoices; apart from the numbers, so that a fault in one PDF stops no number
    "documents": every(30, "tenants.billing.tasks.send_documents"),
    # who gets money back was told so: it leaves within the minute, and a bank that refuses it is seen the same day
    "refunds online": every(60, "tenants.billing.tasks.send_refunds"),
    # the bookkeeper hears on the day itself that reminders are due; sending them is a person's deed
    "reminders to send": every(86_400, "tenants.billing.tasks.tell_of_reminders"),
    # each debit is announced in time, and submitted as late as can be; an hour without Stripe costs no day
    "collecting online": every(3600, "tenants.billing.tasks.collect_online"),
    # a hold of ten minutes blocks nobody once it has ended; this only clears it away
    "holds": every(60, "bookings.tasks.release_expired_holds"),
    # a room that nobody came to is free for others as soon as its minutes have passed
    "missed": every(60, "bookings.tasks.release_missed"),
    # who asked for a room in vain plans something else: no request stays open once its time has begun
    "requests": every(60, "bookings.tasks.decline_unanswered"),
    # what comes free goes to who waits longest, before others have found it
    "waiting list": every(60, "bookings.tasks.offer_freed"),
    # what Stripe rang for is looked at at once; this finds what a crash, a lost message or an outage left behind
    "events of Stripe": every(30, "bookings.tasks.handle_stripe_events"),
    # who paid and closed the tab gets the room too, also when no webhook came
    "online payments": every(60, "bookings.tasks.look_at_payments"),
    # what Stripe could not deliver for hours (we were away, our clock was wrong) is asked for
    "missed events": every(3600, "tenants.billing.tasks.fetch_stripe_events"),
    # the books follow what Stripe keeps and pays out, and what differs is seen the next day
    "account at Stripe": every(86_400, "tenants.billing.tasks.reconcile_stripe"),
    # an option ends by itself, so its holder hears it a day before
    "options": every(600, "bookings.tasks.remind_of_options"),
    # tomorrow's reminders are owed from a sensible hour in each hub's own zone on
    "reminders": every(600, "bookings.tasks.remind"),
    # the dates that came within a year belong to who was promised them, before anybody can book them
    "extend fixed half-days": every(86_400, "tenants.leases.tasks.extend_fixed_day_parts"),
    # so do the dates of a series, which no single booking may take before
    "extend series": every(86_400, "bookings.tasks.extend_series"),
    # a month of a fixed half-day is owed once it has begun, and follows closures and ends until it is invoiced
    "charge fixed half-days": every(86_400, "tenants.leases.tasks.charge_fixed_day_parts"),
    # the director hears in time that rents can be indexed, and which figure is missing a month before
    "indexation": every(86_400, "tenants.leases.tasks.tell_of_indexation"),
    # rent is paid in advance: the next month is there to be proposed, and a change of terms is never forgotten
    "charge rent": every(86_400, "tenants.leases.tasks.charge_rent"),
    # who gave a date back hears soon that somebody has it, and what comes back for it
    "given back": every(600, "bookings.tasks.settle_given_back"),
    # the coming year's public holidays are there to decide on from October
    "propose holidays": every(86_400, "bookings.tasks.propose_holidays"),
    # who has to give notice or renew hears it three months and one month before, not afterwards
    "deadlines of leases": every(86_400, "tenants.leases.tasks.tell_of_deadlines"),
    # a workbook that nobody confirmed holds personal data: it is not kept
    "drop stale uploads": every(86_400, "tenants.leases.tasks.drop_stale_uploads"),
    # the same goes for a calendar that was looked at and never read in
    "drop stale calendars": every(86_400, "bookings.tasks.drop_stale_calendars"),
    # a double booking, a gap in the numbers or a lost date is found before somebody stands at a closed door
    "control": every(86_400, "config.tasks.control"),
    # a session that has ended may still hold what somebody typed when joining
    "drop old sessions": every(86_400, "config.tasks.drop_old_sessions"),
}
