"""Nobody is asked to decide within the hour while they sleep."""

from datetime import datetime, time, timedelta

from spaces.models import Hub
from spaces.periods import DAY, first_moment

FROM, UNTIL = time(21), time(7)
"""From nine in the evening until seven in the morning, on the clock of the hub."""


def is_quiet(hub: Hub, *, now: datetime) -> bool:
    """Whether it is night at the hub."""
    clock = now.astimezone(hub.zone).time()
    return clock >= FROM or clock < UNTIL


def answer_by(hub: Hub, *, now: datetime) -> datetime:
    """Until when an offer made now lasts: `hub.offer_minutes`, counted from the morning when it is night."""
    local = now.astimezone(hub.zone)
    starts = now
    if is_quiet(hub, now=now):
        day = local.date() + DAY if local.time() >= FROM else local.date()
        starts = first_moment(day, UNTIL, zone=hub.zone)
    return starts + timedelta(minutes=hub.offer_minutes)
