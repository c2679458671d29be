"""Why something about a lease is refused, in words for the person, with what to do next."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from spaces.models import Claim
from spaces.wording import calendar_date


class LeaseRefused(Exception):
    """It cannot be done; `message` says why and what to do, in the language of the person. Nothing has changed."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class InTheWay(LeaseRefused):
    """Others have (some of) the rooms in (some of) the time; `conflicts` are their claims."""

    def __init__(self, conflicts: Sequence[Claim] = ()) -> None:
        self.conflicts = list(conflicts)
        super().__init__(
            _("Others have these rooms in this time. First look at what is in the way, and decide about it.")
        )


class Overtaken(LeaseRefused):
    """Somebody else changed the lease after this person looked at it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "While you were busy, somebody else changed this lease. Your change is not stored yet: compare "
                "the two, and decide."
            )
        )


class NumberTaken(LeaseRefused):
    def __init__(self, number: str) -> None:
        super().__init__(
            _("There is a lease %(number)s already. Choose another number.") % {"number": number}
        )


class OutsideTheTerm(LeaseRefused):
    """The day of a change is not a day of the lease."""

    def __init__(self, first: date, last: date | None) -> None:
        if last is None:
            text = _("This lease begins on %(first)s. Choose that day or a later one.")
        else:
            text = _("This lease runs from %(first)s up to and including %(last)s. Choose a day in it.")
        super().__init__(text % {"first": calendar_date(first), "last": calendar_date(last) if last else ""})


class NoRooms(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("A lease has at least one room. To give up all of them, end the lease."))


class SameRooms(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("These are the rooms it has already. Tick another room, or change the m² of one."))


class LaterRooms(LeaseRefused):
    def __init__(self, day: date) -> None:
        text = _("A change of rooms from %(day)s has been agreed already. Choose that day or a later one.")
        super().__init__(text % {"day": calendar_date(day)})


class NotToBeTaxed(LeaseRefused):
    """Taxed letting is not possible to this tenant (art. 11-1-b-5° Wet OB)."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The rent of %(name)s cannot be taxed: who is exempt (care) or under the small businesses scheme "
                "(KOR) may not opt for it. Choose exempt letting, or first correct the VAT position of this party."
            )
            % {"name": name}
        )


class OptionIncomplete(LeaseRefused):
    """One of the four formal fields is missing; without all of them taxed letting fails retroactively."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Taxed letting needs all four: the choice, the description, the book year and the signed statement."
            )
        )


class PartsNotOne(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("The parts are not one whole together. Write them as 1/3, 1/3 and 1/3."))


class DiscountThere(LeaseRefused):
    def __init__(self, first: date, last: date) -> None:
        text = _(
            "There is a discount from %(first)s up to and including %(last)s already. Choose other days."
        )
        super().__init__(text % {"first": calendar_date(first), "last": calendar_date(last)})


class EndsNoEarlier(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("It ends then or earlier already. Choose an earlier day, or renew the lease."))


class EndsNoLater(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("It runs until then or longer already. Choose a later day, or end the lease."))


class HasNoEnd(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("This lease has no agreed end, so there is nothing to renew."))


class BreakThere(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("There is a way to end the lease on that day already."))


class Gone(LeaseRefused):
    def __init__(self) -> None:
        super().__init__(_("This is not part of the lease any more. Look at the lease again."))
