"""The calendar entry that goes with a letter: one event a booking, updated and cancelled in place (RFC 5546)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from bookings.models import Booking
from bookings.states import BookingState

CONTENT_TYPE = "text/calendar; charset=utf-8; method={method}"
REMIND_BEFORE = timedelta(minutes=30)


def ics(booking: Booking, *, method: str = "PUBLISH", attendee: str = "", now: datetime) -> bytes:
    """An iCalendar file with the booking as its one event, times in UTC.

    `method` is PUBLISH for a download, REQUEST or CANCEL in a letter; `attendee` an e-mail address.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Plein//plein//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(booking, attendee=attendee, now=now))
    return bytes(calendar.to_ical())


def uid(booking: Booking) -> str:
    """Stable for the life of the booking, whatever is moved."""
    return f"{booking.pk}@{urlsplit(settings.SITE_URL).hostname}"


def _event(booking: Booking, *, attendee: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid(booking))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", booking.sequence)
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", f"{booking.space.name} ({booking.hub.name})")
    event.add("location", _location(booking))
    event.add("description", _("Booking %(code)s") % {"code": booking.code})
    event.add("status", "CANCELLED" if booking.state == BookingState.CANCELLED else "CONFIRMED")
    event.add("organizer", _address(booking.hub.email, booking.hub.name))
    if attendee:
        event.add("attendee", _address(attendee, attendee))
    if booking.state != BookingState.CANCELLED:
        event.add_component(_alarm())
    return event


def _location(booking: Booking) -> str:
    hub = booking.hub
    return f"{booking.space.name}, {hub.name}, {hub.street}, {hub.postal_code} {hub.city}"


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{email}")
    address.params["CN"] = vText(name)
    return address


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Your booking starts soon"))
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm
