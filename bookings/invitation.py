"""Calendar entries: what goes with a letter (RFC 5546) and what a feed shows are built here, alike.

A booking is one event, known by the same UID for its whole life, so programs update and cancel it in place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Hub
from spaces.periods import Period
from tenants.parties.envelope import one_line

CONTENT_TYPE = "text/calendar; charset=utf-8; method={method}"
REMIND_BEFORE = timedelta(minutes=30)
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
STATUS = {
    BookingState.HELD: TENTATIVE,
    BookingState.OPTION: TENTATIVE,
    BookingState.PAYING: TENTATIVE,
    BookingState.REQUESTED: TENTATIVE,
    BookingState.EXPIRED: CANCELLED,
    BookingState.DECLINED: CANCELLED,
    BookingState.CANCELLED: CANCELLED,
}
"""What a state is in a calendar; the others are CONFIRMED."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event. `stamped_at` is when it was made or last changed; one that `blocks` makes its reader busy."""

    uid: str
    period: Period
    summary: str
    location: str
    description: str = ""
    status: str = CONFIRMED
    sequence: int = 0
    stamped_at: datetime
    blocks: bool = True

    def event(self) -> Event:
        """For a calendar: times in UTC; no word in it can end its line."""
        event = Event()
        event.add("uid", self.uid)
        event.add("dtstamp", self.stamped_at.astimezone(UTC))
        event.add("sequence", self.sequence)
        event.add("dtstart", self.period.start)
        event.add("dtend", self.period.end)
        event.add("summary", one_line(self.summary))
        event.add("location", one_line(self.location))
        if self.description:
            event.add("description", one_line(self.description))
        event.add("status", self.status)
        event.add("transp", "OPAQUE" if self.blocks else "TRANSPARENT")
        return event


def entry(booking: Booking, *, stamped_at: datetime) -> Entry:
    """A booking as the people of its party see it; without its title, which may hold a name."""
    return Entry(
        uid=uid(booking),
        period=booking.period,
        summary=f"{booking.space.name} ({booking.hub.name})",
        location=place(booking.space.name, booking.hub),
        description=_("Booking %(code)s") % {"code": booking.code},
        status=STATUS.get(BookingState(booking.state), CONFIRMED),
        sequence=booking.sequence,
        stamped_at=stamped_at,
    )


def ics(booking: Booking, *, method: str = "PUBLISH", attendee: str = "", now: datetime) -> bytes:
    """An iCalendar file with the booking as its one event.

    `method` is PUBLISH for a download, REQUEST or CANCEL in a letter; `attendee` an e-mail address.
    """
    return _file([booking], method=method, attendee=attendee, now=now)


def ics_of(bookings: Iterable[Booking], *, now: datetime) -> bytes:
    """One iCalendar file that publishes an event for each booking, as for the dates of a series."""
    return _file(bookings, method="PUBLISH", attendee="", now=now)


def _file(bookings: Iterable[Booking], *, method: str, attendee: str, now: datetime) -> bytes:
    calendar = new_calendar()
    calendar.add("method", method)
    for booking in bookings:
        calendar.add_component(_invited(booking, attendee=attendee, now=now))
    return bytes(calendar.to_ical())


def _invited(booking: Booking, *, attendee: str, now: datetime) -> Event:
    event = entry(booking, stamped_at=now).event()
    event.add("organizer", _address(booking.hub.email, booking.hub.name))
    if attendee:
        event.add("attendee", _address(attendee, attendee))
    if event["status"] != CANCELLED:
        event.add_component(_alarm())
    return event


def was_sent(booking: Booking) -> bool:
    """Whether its people have it in their calendar: it was booked once, whatever became of it. One query."""
    return bool(booking.events.filter(state=BookingState.CONFIRMED).exists())  # type: ignore[attr-defined]


def sent_of(bookings: Iterable[Booking]) -> list[Booking]:
    """Those of them that their people have in their calendar, as `was_sent`. One query."""
    rows = list(bookings)
    known = Booking.objects.filter(pk__in=[row.pk for row in rows], events__state=BookingState.CONFIRMED)
    keys = set(known.values_list("pk", flat=True))
    return [row for row in rows if row.pk in keys]


def new_calendar() -> Calendar:
    """An empty calendar of ours."""
    calendar = Calendar()
    calendar.add("prodid", "-//Plein//plein//NL")
    calendar.add("version", "2.0")
    return calendar


def uid(booking: Booking) -> str:
    """Stable for the life of the booking, whatever is moved."""
    return uid_of(str(booking.pk))


def uid_of(name: str) -> str:
    """The UID of what is called so in this installation."""
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def place(room: str, hub: Hub) -> str:
    """Where to go: the room, and the address of the hub."""
    return f"{room}, {hub.name}, {hub.street}, {hub.postal_code} {hub.city}"


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{one_line(email)}")
    address.params["CN"] = vText(one_line(name).replace('"', "'"))
    return address


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Your booking starts soon"))
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm
