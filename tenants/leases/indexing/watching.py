"""Telling the directors, once, that rents can be indexed, or which figure is missing a month before."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from spaces.models import Hub
from tenants.leases.indexing import proposing
from tenants.leases.indexing.proposing import Moment
from tenants.parties import mailing
from tenants.parties.models import Role, User

READY_AHEAD = timedelta(days=92)
"""How long before the day the news is worth a letter; the figures are there about two months before."""
MISSING_AHEAD = timedelta(days=31)


def tell_directors(*, now: datetime) -> int:
    """Owe the directors of each hub a letter about each day that came near; returns how many letters were new or known.

    One letter a day when all its rents can be indexed, and one when a figure is still missing a month before.
    """
    return sum(_tell(hub, now=now) for hub in Hub.objects.order_by("pk"))


@transaction.atomic(durable=True)
def _tell(hub: Hub, *, now: datetime) -> int:
    today = now.astimezone(hub.zone).date()
    count = 0
    for moment in proposing.moments(hub, now=now):
        kind = _news(moment, today)
        if kind:
            count += _post(hub, moment, kind, now=now)
    return count


def _news(moment: Moment, today: date) -> str:
    if moment.on > today + READY_AHEAD:
        return ""
    if moment.ready == len(moment.rows):
        return "indexing_ready"
    return "indexing_missing" if moment.on <= today + MISSING_AHEAD else ""


def _post(hub: Hub, moment: Moment, kind: str, *, now: datetime) -> int:
    directors = User.objects.filter(memberships__hub=hub, memberships__role=Role.DIRECTOR, is_active=True)
    path = reverse("indexing-day", args=[moment.on.isoformat()])
    for director in directors.distinct():
        with translation.override(director.language):
            missing = [row.missing for row in proposing.renewed(moment) if row.missing]
        mailing.post(
            key=f"hub:{hub.pk}:{kind}:{moment.on}:{director.pk}", kind=kind, hub=hub, to_email=director.email,
            to_name=director.name, language=director.language, due_at=now,
            context={"moment": moment, "missing": list(dict.fromkeys(missing)), "link": mailing.link(path)},
        )  # fmt: skip
    return len(directors)
