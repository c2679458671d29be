"""What people do before a test begins: hold, book, take an option, wait."""

from datetime import date, datetime, time
from uuid import uuid4

from bookings import options, reserving, waiting
from bookings.models import Booking, WaitingEntry
from spaces.models import Claim, Space
from spaces.periods import Period
from tenants.parties.models import Letter, Party, User
from tests import cast

Who = tuple[User, Party]
TUESDAY = "2026-12-15"
MORNING = cast.between(f"{TUESDAY} 08:00", "12:00")


def hold(room: Space, who: Who, period: Period = MORNING, *, now: datetime = cast.NOW) -> Booking:
    user, party = who
    return reserving.hold(room, period=period, party=party, by=user, contact=user, key=uuid4(), now=now)


def book(room: Space, who: Who, period: Period = MORNING, *, now: datetime = cast.NOW) -> Booking:
    return reserving.confirm(hold(room, who, period, now=now), now=now)


def option(room: Space, who: Who, period: Period = MORNING, *, now: datetime = cast.NOW) -> Booking:
    return options.take(hold(room, who, period, now=now), now=now)


def wait(
    who: Who, *, space: Space | None = None, until: date = date(2027, 2, 1), now: datetime = cast.NOW
) -> WaitingEntry:
    """For Tuesday mornings, in any room or in `space`."""
    user, party = who
    wish = waiting.Wish(
        time(8), time(12), from_date=now.date(), until_date=until, space=space, weekdays=(1,)
    )  # fmt: skip
    return waiting.join(wish, party=party, by=user, now=now)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.with_everything().get(pk=booking.pk)


def letters(to: User) -> list[str]:
    """The kinds of letters owed or sent to somebody, in order."""
    return list(
        Letter.objects.filter(to_email=to.email, dropped_at=None)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def holders(space: Space, period: Period = MORNING, *, now: datetime = cast.NOW) -> list[str]:
    """Who has the space then."""
    claims = Claim.objects.filter(space=space).in_force(now=now).overlapping(period)
    return list(claims.values_list("holder", flat=True))
