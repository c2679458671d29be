"""The page of the finder, for a new booking and for a move: what was asked, what there is to ask, what was found."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, QueryDict

from bookings import habits, reserving
from bookings.allowing import DESK
from bookings.models import Booking
from bookings.web.filters import Filters
from bookings.web.finding import Finder, Pick, picks
from bookings.web.whom import Whom, whom
from bookings.web.wishing import NAMES, Reader, Wish
from spaces import ruling
from spaces.availability import Offer
from spaces.models import Hub
from spaces.ruling import Rulebook
from tenants.parties.access import Actor
from tenants.parties.models import Party

NEEDS = "finder-needs"
"""In the session: what was needed last time."""
WISH = "finder-wish"
"""In the session: the search that led to the hold, to come back to."""
MEETING = "meeting-hold"
"""In the session: the hold that was taken on the form of the meeting area."""


def finder_page(request: HttpRequest, params: QueryDict, *, now: datetime) -> dict[str, Any]:
    """All that the finder shows for the parameters of an address."""
    actor = request.actor
    prefetch_related_objects([actor.hub], "opening_hours", "day_parts")
    filters = Filters(actor.hub, now)
    chosen = whom(actor, params.get("partij", ""))
    first_visit = NAMES.isdisjoint(params)
    habit = habits.of_party(chosen.party) if first_visit and chosen.party else habits.Habit()
    reader = Reader(actor.hub, params, filters.timetable, now, habit)
    remembered = request.session.get(NEEDS, ()) if first_visit else ()
    wish = reader.wish(kinds=filters.kinds, needs=filters.features, remembered=remembered)
    held = Booking.objects.of(actor).held_by(actor.user, now=now).with_everything().first()
    finder = Finder(
        actor.hub, wish, chosen.party, filters.timetable, now, held=held, person=actor.user,
        rules=rules_for(actor, actor.hub, chosen.party), noted=filters.features,
    )  # fmt: skip
    return _context(finder, filters, chosen) | {"usual": _usual(habit, finder)}


def move_page(booking: Booking, params: QueryDict, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The finder for another place for `booking`: at first its own day, time and kind of room."""
    prefetch_related_objects([booking.hub], "opening_hours", "day_parts")
    filters = Filters(booking.hub, now)
    if NAMES.isdisjoint(params):
        params = QueryDict(wish_of(booking, filters).query)
    wish = Reader(booking.hub, params, filters.timetable, now).wish(
        kinds=filters.kinds, needs=filters.features
    )
    finder = Finder(
        booking.hub, wish, booking.party, filters.timetable, now, moved=booking, person=booking.booked_by,
        rules=rules_for(actor, booking.hub, booking.party), noted=filters.features,
    )  # fmt: skip
    return _context(finder, filters, Whom([], booking.party, ""))


def rules_for(actor: Actor, hub: Hub, party: Party | None) -> Rulebook:
    """What this party may book, or what reception may book for it. One query."""
    book = ruling.rulebook(hub, rate_group=party.rate_group if party else None)
    return book.for_others() if actor.has(*DESK) else book


def wish_of(booking: Booking, filters: Filters) -> Wish:
    """The search that would find this booking."""
    start, end = booking.period.local(booking.hub.zone)
    wish = Wish(start.date(), start.time(), end.time(), kinds=(booking.space.kind,))
    return wish.at(booking.period, timetable=filters.timetable, space=booking.space.code)


def _context(finder: Finder, filters: Filters, chosen: Whom) -> dict[str, Any]:
    return {
        "wish": finder.wish,
        "whom": chosen,
        "choices": choices(filters, finder.wish),
        "results": finder.results(),
        "held": finder.held,
        "moved": finder.moved,
    }


def choices(filters: Filters, wish: Wish) -> dict[str, Any]:
    """The chips and lists of the form, with what was chosen."""
    days = filters.days(wish)
    first, more = filters.need_chips(wish)
    return {
        "days": days,
        "other_day": not any(chip.checked for chip in days),
        "first_day": filters.today,
        "last_day": filters.today + timedelta(days=reserving.DAYS_AHEAD),
        "parts": filters.parts(wish),
        "starts": filters.clocks(wish.starts, closing=False),
        "ends": filters.clocks(wish.ends, closing=True),
        "kinds": filters.kind_chips(wish),
        "needs": first,
        "more_needs": more,
    }


def _usual(habit: habits.Habit, finder: Finder) -> Pick | None:
    """What they book most often, at the next time it is free; with its price."""
    if habit.usual is None or finder.party is None:
        return None
    habit.usual.space.hub = finder.hub  # whose hours have been read
    today = finder.now.astimezone(finder.hub.zone).date()
    period = habits.next_time(habit.usual, after=today, now=finder.now)
    offers = [Offer(habit.usual.space, period)] if period else []
    return next(iter(picks(offers, hub=finder.hub, party=finder.party)), None)
