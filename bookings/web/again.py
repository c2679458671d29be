"""The address with which somebody books the same once more."""

from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from bookings import habits
from bookings.models import Booking
from bookings.web.wishing import clock


def again(booking: Booking, *, now: datetime) -> str:
    """The finder for the same room, weekday and time, the next time it comes round."""
    starts, ends = booking.period.local(booking.hub.zone)
    day = habits.same_day_later(booking, today=now.astimezone(booking.hub.zone).date())
    params = QueryDict(mutable=True)
    params.update(
        {"dag": day.isoformat(), "van": clock(starts.time()), "tot": clock(ends.time(), closing=True)}
    )
    params.update({"soort": booking.space.kind, "ruimte": booking.space.code})
    return f"{reverse('book')}?{params.urlencode()}"
