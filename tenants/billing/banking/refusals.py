"""Why a bank statement is not read in; each message says what to do. Nothing was stored."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.refusals import PayingRefused


class StatementRefused(PayingRefused):
    """The file as a whole is not read in."""


class NotAStatement(StatementRefused):
    def __init__(self, why: str) -> None:
        super().__init__(
            _("This is no bank statement that Plein can read (camt.053): %(why)s") % {"why": why}
        )


class TooLarge(StatementRefused):
    def __init__(self) -> None:
        super().__init__(_("This file is larger than 10 MB. Ask the bank for a shorter period."))


class WrongAccount(StatementRefused):
    def __init__(self, found: str, ours: str) -> None:
        super().__init__(
            _("This statement is of the account %(found)s, and ours is %(ours)s. Choose our own statement.")
            % {"found": found, "ours": ours}
        )


class OtherCurrency(StatementRefused):
    def __init__(self, currency: str) -> None:
        super().__init__(
            _("This statement has amounts in %(currency)s. Plein only reads euros.") % {"currency": currency}
        )


class DoesNotAddUp(StatementRefused):
    """Something is missing from the file, or it was changed."""

    def __init__(self, reference: str, counted: Decimal, closing: Decimal) -> None:
        super().__init__(
            _(
                "Statement %(reference)s does not add up: with all its entries the balance is %(counted)s, and it says "
                "%(closing)s. Download it again from the bank."
            )
            % {
                "reference": reference,
                "counted": wording.euro(counted),
                "closing": wording.euro(closing),
            }
        )


class ChangedByTheBank(StatementRefused):
    """The bank uses a reference again for something else."""

    def __init__(self, booked_on: date, amount: Decimal, before: Decimal) -> None:
        super().__init__(
            _(
                "An entry of %(day)s is %(amount)s here, and was %(before)s when it was read in before. Ask the bank."
            )
            % {
                "day": wording.calendar_date(booked_on),
                "amount": wording.euro(amount),
                "before": wording.euro(before),
            }
        )
