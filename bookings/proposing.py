"""Each autumn the public holidays of the coming year are proposed to the directors as closed days."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from bookings import closing_hits
from bookings.closing_hits import Wish
from spaces import opening, public_holidays
from spaces.models import HolidayProposal, Hub
from spaces.periods import local_day, local_days
from tenants.parties import mailing
from tenants.parties.models import Role, User

AUTUMN = 10
"""From the first of October on."""


def propose(*, now: datetime) -> int:
    """Propose what is not proposed yet for each hub, for the days that it would be open; returns how many are new.

    Only from October on, for the next calendar year. Each director gets one letter a year. A second call changes
    nothing; what was decided stays decided.
    """
    return sum(_propose(hub, now=now) for hub in Hub.objects.order_by("pk"))


def decline(proposal: HolidayProposal) -> None:
    """The building stays open that day. A second call changes nothing; what is closed by now stays closed."""
    open_still = HolidayProposal.objects.filter(pk=proposal.pk, state=HolidayProposal.State.PROPOSED)
    open_still.update(state=HolidayProposal.State.DECLINED)


def wish_of(proposal: HolidayProposal) -> Wish:
    """The closure that accepting means: the whole hub for the whole day."""
    period = local_day(proposal.day, zone=proposal.hub.zone)
    return Wish(proposal.hub, None, period, proposal.name)


def hits_nothing(proposal: HolidayProposal, *, now: datetime) -> bool:
    """Whether it can be accepted without telling anybody."""
    return not closing_hits.find(wish_of(proposal), now=now).keys


@transaction.atomic(durable=True)
def _propose(hub: Hub, *, now: datetime) -> int:
    today = now.astimezone(hub.zone).date()
    if today.month < AUTUMN:
        return 0
    year = today.year + 1
    known = set(hub.holiday_proposals.filter(day__year=year).values_list("day", flat=True))
    new = [
        HolidayProposal(hub=hub, day=day, name=name)
        for day, name in _open_holidays(hub, year).items()
        if day not in known
    ]
    HolidayProposal.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        _tell_directors(hub, new, year=year, now=now)
    return len(new)


def _open_holidays(hub: Hub, year: int) -> dict[date, str]:
    whole = local_days(date(year, 1, 1), date(year, 12, 31), zone=hub.zone)
    timetable = opening.load(hub, period=whole)
    return {day: name for day, name in public_holidays.of_year(year).items() if timetable.open_periods(day)}


def _tell_directors(hub: Hub, proposals: list[HolidayProposal], *, year: int, now: datetime) -> None:
    directors = User.objects.filter(memberships__hub=hub, memberships__role=Role.DIRECTOR, is_active=True)
    for director in directors.distinct():
        mailing.post(
            key=f"hub:{hub.pk}:holidays:{year}:{director.pk}", kind="holidays_proposed", hub=hub,
            to_email=director.email, to_name=director.name, language=director.language, due_at=now,
            context={
                "proposals": proposals, "year": str(year), "link": mailing.link(reverse("closures")),
            },
        )  # fmt: skip
