"""Why something cannot be paid online now; each message says what to do."""

from decimal import Decimal
from typing import Self

from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.models import OnlinePayment


class OnlineRefused(Exception):
    """Nothing was asked of Stripe and nothing was written; `message` is for the person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class OnlineIsOff(OnlineRefused):
    """The installation has no key, or the hub does not take online payments."""

    def __init__(self) -> None:
        super().__init__(_("You cannot pay online here at the moment. Please pay by bank transfer."))


class UnderWay(OnlineRefused):
    """An earlier attempt is not dead yet: a second one could be paid as well."""

    def __init__(self, payment: OnlinePayment) -> None:
        self.payment = payment
        super().__init__(_("An earlier payment is still under way. Wait for it, or stop it first."))


class NothingToPay(OnlineRefused):
    """It was paid or credited in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Nothing of this is open any more. You need not do anything."))


class IsCollected(OnlineRefused):
    """It would be paid twice."""

    def __init__(self) -> None:
        super().__init__(_("We collect this from your account already. You need not do anything."))


class TooSmall(OnlineRefused):
    """Stripe takes no payment of less than half a euro."""

    def __init__(self) -> None:
        super().__init__(_("This amount is too small to pay online. Please pay by bank transfer."))


class CollectingIsOff(OnlineRefused):
    """The installation has no key, or the hub does not collect."""

    def __init__(self) -> None:
        super().__init__(_("You cannot give a mandate here at the moment. Please pay by bank transfer."))


class IsInForce(OnlineRefused):
    """A second mandate would be of no use."""

    def __init__(self) -> None:
        super().__init__(_("There is a mandate already. To use another account, end that one first."))


class NoPage(OnlineRefused):
    """Stripe refused to open the page."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The page to give a mandate could not be opened. Please try again later, or pay by bank transfer."
            )
        )


class NotCollected(OnlineRefused):
    """It cannot be collected by a mandate now."""

    @classmethod
    def without_mandate(cls) -> Self:
        return cls(_("There is no mandate any more. Ask for a new one, or for a bank transfer."))

    @classmethod
    def too_large(cls, limit: Decimal) -> Self:
        return cls(
            _("At most %(limit)s is collected at once. Ask for a bank transfer.")
            % {"limit": wording.euro(limit)}
        )

    @classmethod
    def left_alone(cls) -> Self:
        return cls(
            _("It is disputed, paused, in a plan or on its way already. Look at the account of the party.")
        )
