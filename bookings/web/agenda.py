"""My agenda: what I have this week or this month, day by day."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings import agenda as own
from bookings.agenda import Item
from bookings.web.desk import chosen_day
from spaces import months
from spaces.periods import DAY, local_days
from tenants.parties.web.asking import HubRequest

WEEK = 7
MONTH_VIEW = "maand"


@dataclass(frozen=True)
class Day:
    """A day with what is on it."""

    day: date
    items: list[Item]


def agenda(request: HubRequest) -> HttpResponse:
    """/agenda?dag=2026-11-24 shows that week, &toon=maand that month."""
    now, at = timezone.now(), chosen_day(request)
    by_month = request.GET.get("toon") == MONTH_VIEW
    first = at.replace(day=1) if by_month else at - at.weekday() * DAY
    later = months.next_month(first) if by_month else first + WEEK * DAY
    period = local_days(first, later - DAY, zone=request.actor.hub.zone)
    found = _by_day(own.of(request.actor, within=period, now=now))
    every = [
        Day(first + ahead * DAY, found.get(first + ahead * DAY, [])) for ahead in range((later - first).days)
    ]
    return render(request, "bookings/agenda.html", {
        "by_month": by_month, "day": at, "first": first, "last": later - DAY, "today": timezone.localdate(now),
        "days": [each for each in every if each.items] if by_month else every,
        "empty": not found, "later": later,
        "earlier": months.month_before(first) if by_month else first - WEEK * DAY,
        "many_parties": len(request.actor.parties) != 1,
    })  # fmt: skip


def _by_day(items: list[Item]) -> dict[date, list[Item]]:
    """By the day on which they begin."""
    return {
        day: list(group) for day, group in groupby(items, lambda item: timezone.localdate(item.period.start))
    }
