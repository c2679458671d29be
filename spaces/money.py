"""Euro amounts and VAT: exact decimals, rounded half up, away from zero."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NewType

from django.db import models
from django.utils.translation import gettext_lazy as _

Euro = NewType("Euro", Decimal)
"""An amount of whole cents. Arithmetic yields a plain Decimal again: round it with `euro()`."""

CENT = Decimal("0.01")


class VatTreatment(models.TextChoices):
    """Why a line carries the VAT it carries; decided per line, never per building."""

    EXEMPT_RENT = "exempt_rent", _("exempt letting")
    OPTED_RENT = "opted_rent", _("opted (taxed) letting")
    MEETING_TAXED = "meeting_taxed", _("taxed meeting room")
    SERVICE_OWN = "service_own", _("separate service")
    SERVICE_FOLLOWS = "service_follows", _("service cost, follows the rent")


def euro(amount: Decimal | int | str) -> Euro:
    """Round to cents, half up and away from zero: 20.125 → 20.13, −20.125 → −20.13."""
    return Euro(Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP))


def total(amounts: Iterable[Decimal]) -> Euro:
    """The sum of amounts, in cents; 0.00 for none."""
    return euro(sum(amounts, Decimal(0)))


def divided(amount: Decimal, weights: Sequence[Fraction | Decimal | int]) -> list[Euro]:
    """`amount` (in cents) in parts by weight that add up to it: 100.00 over three equal is 33.34, 33.33, 33.33.

    By largest remainder; of equal ones the first gets the cent. A negative amount is divided as its opposite.
    Raises ValueError when there is nothing to divide by.
    """
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares, Fraction(0))
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights are not negative, and not all nothing")
    cents = Fraction(abs(amount)) * 100
    exact = [cents * share / whole for share in shares]
    parts = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: int(cents) - sum(parts)]:
        parts[at] += 1
    sign = -1 if amount < 0 else 1
    return [euro(Decimal(sign * part) / 100) for part in parts]


@dataclass(frozen=True)
class Taxed:
    """An amount with its VAT: net + vat == gross, always. Rate in percent (21, 9 or 0)."""

    net: Euro
    vat: Euro
    rate: Decimal

    @property
    def gross(self) -> Euro:
        return euro(self.net + self.vat)

    @classmethod
    def from_net(cls, net: Decimal, *, rate: Decimal) -> "Taxed":
        """VAT on a net amount: 29.97 at 21 → 6.29."""
        rounded = euro(net)
        return cls(net=rounded, vat=euro(rounded * rate / 100), rate=rate)

    @classmethod
    def from_gross(cls, gross: Decimal, *, rate: Decimal) -> "Taxed":
        """The net inside a gross amount: 42.50 at 21 → 35.12 + 7.38."""
        net = euro(gross * 100 / (100 + rate))
        return cls(net=net, vat=euro(gross - net), rate=rate)
