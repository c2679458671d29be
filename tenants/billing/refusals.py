"""Why money cannot be booked that way; each message says what to do."""

from decimal import Decimal

from django.utils.translation import gettext as _

from spaces import wording


class PayingRefused(Exception):
    """Nothing was booked; `message` is for the person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class MoreThanOpen(PayingRefused):
    """Somebody paid it in the meantime, or the amount was typed wrong."""

    def __init__(self, number: str, left: Decimal) -> None:
        super().__init__(
            _("Of %(number)s only %(left)s is open. Look again and choose at most that.")
            % {"number": number, "left": wording.euro(left)}
        )


class MoreThanLeft(PayingRefused):
    """What is to be divided is not there any more."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(
            _("Only %(left)s is left to divide. Look again and choose at most that.")
            % {"left": wording.euro(left)}
        )


class OfAnotherParty(PayingRefused):
    """A payment pays what was asked of its own party."""

    def __init__(self) -> None:
        super().__init__(_("This is of another party. Choose what was asked of the party that paid."))


class NotPositive(PayingRefused):
    def __init__(self) -> None:
        super().__init__(_("Fill in an amount above zero."))


class AlreadyUndone(PayingRefused):
    def __init__(self) -> None:
        super().__init__(_("This was undone already."))


class AlreadyExplained(PayingRefused):
    """Somebody else was first."""

    def __init__(self) -> None:
        super().__init__(_("Somebody has booked this already. Look at what it says now."))


class MoreThanReceived(PayingRefused):
    def __init__(self, left: Decimal) -> None:
        super().__init__(
            _("Of this bank entry only %(left)s is left to book.") % {"left": wording.euro(left)}
        )


class NothingOpen(PayingRefused):
    def __init__(self) -> None:
        super().__init__(_("Nothing of this is open any more."))


class ReasonMissing(PayingRefused):
    def __init__(self) -> None:
        super().__init__(_("Say why: it stays in the books."))
