"""Why something cannot be paid online now; each message says what to do."""

from django.utils.translation import gettext as _

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
