"""Why something about a fixed half-day is refused, in words for the person, with what to do next."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from tenants.leases.arranging import Plan


class FixedRefused(Exception):
    """It cannot be done; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NoSuchDate(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("This is not a date of your fixed half-day any more. Look at the list again."))


class DateBegun(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("This date has begun already. Choose a later one."))


class DateClosed(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("The room is closed then, so there is nothing to give back. Choose another date."))


class TakenMeanwhile(FixedRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has this time now, or the building is closed then. You cannot take it back.")
        )


class AlreadyCredited(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("This date has been credited on an invoice. Ask reception what is possible."))


class TooBusyNow(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("It is very busy right now. Nothing has changed; try again in a moment."))


class NotOpenThen(FixedRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The building is not open for all of this day part on that day. Choose another day or day part."
            )
        )


class NoDates(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("There is no such weekday between these dates. Choose a later last day."))


class NothingFree(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("No date is free in the coming year. Choose another room, day or day part."))


class NoPriceList(FixedRefused):
    def __init__(self) -> None:
        super().__init__(
            _("No price list for this room and this party says which VAT applies. Set the price first.")
        )


class AlreadyArranged(FixedRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This party already has this half-day from that day on, on other terms. Choose another first day."
            )
        )


class EndsTooEarly(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("The last day cannot lie in the past. Choose today or later."))


class EndsTooLate(FixedRefused):
    def __init__(self) -> None:
        super().__init__(_("It ends before that day already. Choose an earlier day."))


class PlanChanged(FixedRefused):
    """Something is different from what was shown; `plan` is how it is now."""

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        super().__init__(_("The dates have changed since you saw them. Nothing is stored yet; look again."))
