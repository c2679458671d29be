"""What invoiced charges still come to after their credits, and what a credit of one looks like."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from spaces.explaining import Sentence, sentence
from spaces.money import euro
from tenants.billing.models import Charge

PART = "part"
"""The unit of a credit that is an amount, not a quantity at its price."""


@dataclass(frozen=True)
class Standing:
    """An invoiced charge with what is `left` of its net, and the part of what is gone that was `waived` for good."""

    charge: Charge
    left: Decimal
    waived: Decimal

    @property
    def as_charged(self) -> bool:
        """Whether nothing of it was taken back but what was given away: it is not to be charged again."""
        return self.left + self.waived == self.charge.net


def standing(family: Sequence[Charge], settled: Collection[int]) -> list[Standing]:
    """What stands of the charges of a source that have been invoiced; `settled` are the pks of those. One query."""
    invoiced = [charge for charge in family if charge.pk in settled and charge.credits_id is None]
    waiting = {charge.pk for charge in family if charge.pk not in settled}
    back: dict[int | None, list[Charge]] = defaultdict(list)
    for credit in Charge.objects.filter(credits__in=invoiced).exclude(pk__in=waiting):
        back[credit.credits_id].append(credit)
    return [_standing(charge, back[charge.pk]) for charge in invoiced]


def left_of(charges: Iterable[Charge]) -> dict[int, Decimal]:
    """What of each charge (by pk) no credit took back yet, also none that waits for its invoice. One query."""
    left = {charge.pk: Decimal(charge.net) for charge in charges}
    for credit in Charge.objects.filter(credits__in=left).only("credits", "net"):
        left[credit.credits_id or 0] += credit.net
    return left


def credit_of(charge: Charge, *, net: Decimal, reason: Sentence | None = None) -> dict[str, Any]:
    """The mirror of an invoiced charge for `net` of it; its service was then, so it is due with the next invoice."""
    same = (
        "hub_id", "party_id", "kind", "topic", "cost_centre", "vat_reason", "starts_on", "ends_on", "vat_treatment",
        "vat_rate", "in_advance",
    )  # fmt: skip
    return {name: getattr(charge, name) for name in same} | {
        "credits_id": charge.pk,
        "description": sentence(gettext_noop("Credit: %(what)s"), what=charge.description),
        "reason": reason or sentence(gettext_noop("Changed after it was invoiced")),
        **_quantity(charge, net),
        "net": euro(-net),
    }


def _quantity(charge: Charge, net: Decimal) -> dict[str, Any]:
    if net == charge.net:
        return {"quantity": -charge.quantity, "unit": charge.unit, "unit_price": charge.unit_price}
    return {"quantity": Decimal(-1), "unit": PART, "unit_price": net}


def _standing(charge: Charge, back: Iterable[Charge]) -> Standing:
    nets = [(credit.net, credit.waived) for credit in back]
    taken = sum((net for net, _waived in nets), Decimal(0))
    waived = -sum((net for net, was_waived in nets if was_waived), Decimal(0))
    return Standing(charge, charge.net + taken, waived)
