"""Why a calendar is not read in; each message says what to do."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from bookings.calendar_import.planning import Plan


class CalendarRefused(Exception):
    """Nothing was stored."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotACalendar(CalendarRefused):
    """The file as a whole cannot be read."""


class PlanChanged(CalendarRefused):
    """Since the plan was shown, something in Plein changed, so that it would do something else now."""

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        super().__init__(
            _("Since you looked, something in Plein has changed. Look at the plan again and confirm it then.")
        )


class Busy(CalendarRefused):
    """Bookings or another import held the room for too long."""

    def __init__(self) -> None:
        super().__init__(_("Plein is busy with this room. Nothing was stored; try again in a minute."))


def too_large() -> NotACalendar:
    """More bytes than anybody needs for two years of one room."""
    return NotACalendar(_("This file is larger than 5 MB. Export a shorter period of the calendar."))


def empty() -> NotACalendar:
    """Nothing in it."""
    return NotACalendar(_("This file is empty. Export the calendar again and choose the new file."))


def no_calendar() -> NotACalendar:
    """Some other file."""
    return NotACalendar(
        _("This is not a calendar file (.ics). In your calendar program choose Export, or Save calendar.")
    )


def broken_off() -> NotACalendar:
    """An end is missing: what stood behind it would seem withdrawn."""
    return NotACalendar(
        _("This calendar file breaks off halfway. Export the calendar again and choose the new file.")
    )


def too_much() -> NotACalendar:
    """More work than a calendar of one room can ask for."""
    return NotACalendar(
        _(
            "This calendar holds too much to read: too many dates, or repetitions without end. "
            "Export a shorter period."
        )
    )
