"""Why a booking is refused, in words for the person, with what to do next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from spaces.availability import Offer


class BookingRefused(Exception):
    """The wish cannot be met; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class TimeTaken(BookingRefused):
    """Someone else was first; `alternatives` are the nearest rooms and times still free."""

    def __init__(self, alternatives: Sequence["Offer"] = ()) -> None:
        self.alternatives = list(alternatives)
        super().__init__(_("Someone else has just booked this time. Choose one of the alternatives."))


class TooBusy(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("It is very busy right now. Nothing has changed; try again in a moment."))


class NotAllowedToBook(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("You cannot book yet: the director still has to approve your application."))


class NotBookable(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This room cannot be booked. Choose another room."))


class InThePast(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This time has passed. Choose a later time."))


class TooFarAhead(BookingRefused):
    def __init__(self, days: int) -> None:
        super().__init__(_("You can book up to %(days)s days ahead. Choose an earlier day.") % {"days": days})


class OffHours(BookingRefused):
    """The hub is not open for all of the period; `why` names the hours or the closure."""

    def __init__(self, why: str) -> None:
        super().__init__(
            _("The building is not open then: %(why)s. Choose another time.") % {"why": why.rstrip(".")}
        )


class RuleBroken(BookingRefused):
    """A rule of this room or group forbids it; the message names the rule and what would fit."""


class AdditionRefused(BookingRefused):
    """A layout, another room or an extra cannot be had; the message says which and why."""


class Unpriced(BookingRefused):
    """There is no price for this; the message comes from pricing and says what is possible."""


class PriceChanged(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("The price has changed in the meantime. Look at it once more before you go on."))


class FormUsed(BookingRefused):
    def __init__(self) -> None:
        super().__init__(
            _("This form has been used for another booking. Open the page again to book once more.")
        )


class NotToday(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This booking is on a later day. Note the arrival on the day itself."))


class AlreadyDone(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This booking has changed in the meantime. Look at it again before you go on."))


class Overtaken(AlreadyDone):
    """Somebody else changed the booking after this person had looked at it; nothing was written."""


class TooLate(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This booking has already begun. Ask reception to change it."))


class OnlyTheEnd(BookingRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This booking is running: you can make it longer, or give the rest back. Ask reception for more."
            )
        )


class AsksApproval(BookingRefused):
    """The change needs a new approval, and the booking can no longer be given up for nothing."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This change needs approval, and cancelling already costs money by now. Ask reception to make it."
            )
        )


class NothingChanged(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This is the room and the time you already have."))


class TooEarly(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This booking has not begun yet, so nobody can have missed it."))


class CheckInClosed(BookingRefused):
    """Checking in oneself is possible from some minutes before the start until the end."""

    def __init__(self, minutes: int) -> None:
        words = _(
            "You can check in from %(minutes)s minutes before the start until the end. Ask reception for help."
        )
        super().__init__(words % {"minutes": minutes})


class GivenToOthers(BookingRefused):
    """Nobody came in time, so the rest of the booking was released."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nobody had checked in in time, so the room is free for others. Ask reception: as long as it is free, "
                "you get it back."
            )
        )


class RestTaken(BookingRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has the room for the rest of this booking, so it cannot be given back. Choose another "
                "room for them."
            )
        )


class NoOption(BookingRefused):
    """The time begins too soon for an option, or is itself only kept for an answer."""

    def __init__(self) -> None:
        super().__init__(_("There is no option on this time. Book it now, or let it go."))


class OptionEnded(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("Your option has ended, and somebody else had asked for this time."))


class NotInOption(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("There is no option on this time any more. Look whether it is free."))


class AskedAlready(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has already asked for this time. Choose another time."))


class OwnOption(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This is your own option. You can book it or let it go."))


class RequestTooLate(BookingRefused):
    def __init__(self) -> None:
        super().__init__(_("This time has begun. The request has lapsed, and who asked gets a letter."))


class NotPaidOnline(BookingRefused):
    """This booking cannot be paid online now; the message says why and what to do."""


class BankOutOfReach(BookingRefused):
    """The payment service does not answer: nobody knows how it stands."""

    def __init__(self) -> None:
        super().__init__(
            _("We cannot reach the payment page right now. We keep the room for you; try again in a minute.")
        )


class WaitingRefused(BookingRefused):
    """The wish cannot be put on the waiting list; `message` says why."""
