"""Why a series is refused, in words for the person, with what to do next."""

from typing import Any

from django.utils.translation import gettext as _

from bookings.refusals import BookingRefused


class SeriesRefused(BookingRefused):
    """The series cannot be made or changed so."""


class NoDates(SeriesRefused):
    """The pattern hits no day in the coming year before its last day."""

    def __init__(self) -> None:
        super().__init__(_("This gives no dates in the coming year. Choose other days, or a later last day."))


class NothingFree(SeriesRefused):
    """There are dates, and each of them is taken, closed or against a rule, or was left out."""

    def __init__(self) -> None:
        super().__init__(
            _("None of these dates can be booked. Choose another time, other days or another room.")
        )


class PlanChanged(SeriesRefused):
    """Something has changed since the person looked; `plan` (a Plan or a Change) is what it is now."""

    def __init__(self, plan: Any) -> None:
        self.plan = plan
        super().__init__(_("Something has changed since you looked. Nothing has been saved: look once more."))


class SeriesEnded(SeriesRefused):
    """Nothing of the series can still be changed."""

    def __init__(self) -> None:
        super().__init__(
            _("No date of this series is left to change. What is past or invoiced stays as it is.")
        )


class BareOnly(SeriesRefused):
    """What is held has a layout, an extra or another room: those would be lost without a word."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Layouts, extras and other rooms cannot be repeated. Choose the room without them, or book each date."
            )
        )
