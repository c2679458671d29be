"""The page of one room: what it is, what it costs, and when it is free in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bookings.models import Booking
from bookings.occupants import may_ask
from bookings.reserving import DAYS_AHEAD
from bookings.web.filters import ICONS
from bookings.web.finding import Trait
from bookings.web.searching import rules_for
from bookings.web.wishing import slug
from spaces import availability, boards, cancellation, pricelist, ruling_told, suitability
from spaces.boards import PartCell
from spaces.explaining import Sentence
from spaces.models import DayPart, RateGroup, Space, SpaceKind
from spaces.periods import DAY, Period, local_days
from tenants.billing.online import settings
from tenants.parties.access import Actor
from tenants.parties.web.asking import HubRequest

WEEK = 7 * DAY


@dataclass(frozen=True)
class Part:
    """A cell of the week: a day part of a day, how the finder's address calls it, and whose option one may ask for."""

    cell: PartCell
    slug: str
    option: Booking | None = None


@dataclass(frozen=True)
class Week:
    """Seven days, a row for each; `earlier` and `later` are first days, None where nothing can be booked."""

    day_parts: list[DayPart]
    rows: list[tuple[date, list[Part]]]
    earlier: date | None
    later: date | None


@dataclass(frozen=True)
class Policy:
    """What cancelling costs, told for one moment: the first that is free."""

    period: Period
    sentences: list[Sentence]


def space(request: HubRequest, code: str) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    if not code.isprintable():
        raise Http404
    rooms = Space.objects.of_hub(actor.hub).exclude(kind=SpaceKind.EQUIPMENT)
    related = rooms.select_related("hub", "floor", "parent")
    room = get_object_or_404(related.prefetch_related("features", "parts"), code=code)
    traits = [Trait(str(it), ICONS.get(it.code, "check")) for it in room.features.all()]
    context = {"space": room, "traits": traits, "let": availability.let_until(room, now=now)}
    if room.bookable:
        context |= _bookable(actor, room, day=request.GET.get("dag", ""), now=now)
        context |= _suits(actor, room, wanted=request.GET.get("beroep"))
    return render(request, "bookings/space.html", context)


def _suits(actor: Actor, room: Space, *, wanted: str | None) -> dict[str, Any]:
    """What is known of it for a profession: the one in the address, or else that of their own party."""
    noted = suitability.noted_at(room.hub)
    own = actor.party.discipline if actor.party and wanted is None else ""
    profile = suitability.profile(wanted or "") or suitability.profile_of(own)
    access = suitability.access_of(room, noted=noted)
    findings = suitability.judge(room, profile, noted=noted) if profile else []
    return {
        "access": access,
        "access_unknown": suitability.unknown(access),
        "profiles": suitability.PROFILES,
        "profile": profile,
        "findings": findings,
        "unknown": suitability.unknown(findings),
    }


def _bookable(actor: Actor, room: Space, *, day: str, now: datetime) -> dict[str, Any]:
    today = now.astimezone(room.hub.zone).date()
    week = _week(actor, room, first=_first_day(day, today=today), today=today, now=now)
    return {
        "week": week,
        "may_wait": may_ask(actor),
        "today": today,
        "takes_payments": settings.takes_payments(room.hub),
        "prices": pricelist.of_space(room, groups=_groups(actor), on=today),
        "policy": _policy(room, week, now=now),
        "rules": ruling_told.lines(rules_for(actor, room.hub, actor.party).of(room)),
    }


def _week(actor: Actor, room: Space, *, first: date, today: date, now: datetime) -> Week:
    days = [first + number * DAY for number in range(7)]
    cells = boards.part_board(room.hub, days=days, spaces=[room], now=now)[room.pk]
    parts = {cell.day_part.pk: cell.day_part for cell in cells}
    options = _options(actor, room, within=local_days(days[0], days[-1], zone=room.hub.zone), now=now)
    rows = [(day, [_part(cell, options) for cell in cells if cell.day == day]) for day in days]
    return Week(
        day_parts=list(parts.values()),
        rows=rows,
        earlier=max(first - WEEK, today) if first > today else None,
        later=first + WEEK if first + WEEK <= today + DAYS_AHEAD * DAY else None,
    )


def _options(actor: Actor, room: Space, *, within: Period, now: datetime) -> list[Booking]:
    """Those of others, for whoever may ask for one."""
    if not may_ask(actor):
        return []
    running = Booking.objects.filter(space=room).in_option(now=now).exclude(party__in=actor.party_ids)
    return list(running.overlapping(within))


def _part(cell: PartCell, options: Sequence[Booking]) -> Part:
    taken = options if cell.state == boards.TAKEN else ()
    option = next((it for it in taken if it.period.overlaps(cell.period)), None)
    return Part(cell, slug(cell.day_part), option)


def _first_day(text: str, *, today: date) -> date:
    """The day in the address, as far as it can be booked; today when there is none."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(wanted, today), today + DAYS_AHEAD * DAY)


def _groups(actor: Actor) -> list[RateGroup]:
    """Whose prices they see: those of their own party; staff see all."""
    if actor.party:
        return [actor.party.rate_group]
    return list(RateGroup.objects.filter(hub=actor.hub))


def _policy(room: Space, week: Week, *, now: datetime) -> Policy | None:
    """Told by the last free time of the week: that leaves every step room to be read."""
    free = [part.cell.period for _day, parts in week.rows for part in parts if part.cell.state == boards.FREE]
    if not free:
        return None
    steps = cancellation.steps_of(room.hub)
    last = free[-1]
    return Policy(last, cancellation.in_words(steps, starts_at=last.start, zone=room.hub.zone, now=now))
