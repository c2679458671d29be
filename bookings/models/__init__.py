"""Bookings, series of them, who waits for one, and the calendars they appear in."""

from bookings.models.booking import Addition, Booking
from bookings.models.calendars import Display, Feed, ImportedEntry, PendingCalendar
from bookings.models.series import Series
from bookings.models.waiting import Challenge, Offer, WaitingEntry

__all__ = [
    "Addition",
    "Booking",
    "Challenge",
    "Display",
    "Feed",
    "ImportedEntry",
    "Offer",
    "PendingCalendar",
    "Series",
    "WaitingEntry",
]
