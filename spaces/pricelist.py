"""What a space costs per unit, for each rate group: the prices that hold on a day and those to come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.combining import DAY, DAY_PART, HOUR_UNIT, WEEK
from spaces.models import Rate, RateGroup, Space
from spaces.money import Taxed
from spaces.pricing import prices_of

NAMES = {HOUR_UNIT: _("hour"), DAY_PART: _("day part"), DAY: _("day"), WEEK: _("week")}


@dataclass(frozen=True)
class UnitPrice:
    """The price of one unit (hour, day part, day, week), with its VAT."""

    unit: str
    price: Taxed

    @property
    def name(self) -> str:
        return str(NAMES[self.unit])


@dataclass(frozen=True)
class PriceList:
    """The prices of a space for a rate group from `valid_from` on; `is_to_come` when that is later than asked.

    `prepaid_percentage` of it is paid when booking, where the hub takes online payments.
    """

    group: RateGroup
    valid_from: date
    is_to_come: bool
    prices: list[UnitPrice]
    vat_rate: Decimal
    vat_reason: str
    prepaid_percentage: int = 0


def of_space(space: Space, *, groups: Collection[RateGroup], on: date) -> list[PriceList]:
    """For each group the list in force on a local day, then those to come. A price of the space beats its kind's.

    One query.
    """
    mine = Q(space=space) | Q(space=None, kind=space.kind)
    rates = list(Rate.objects.filter(mine, hub=space.hub_id, rate_group__in=groups).order_by("valid_from"))
    return [
        each
        for group in groups
        for each in _of_group(group, [r for r in rates if r.rate_group_id == group.pk], on)
    ]


def _of_group(group: RateGroup, rates: list[Rate], on: date) -> list[PriceList]:
    begun = [rate for rate in rates if rate.valid_from <= on]
    own = [rate for rate in begun if rate.space_id]
    now = (own or begun)[-1:]
    own_only = any(rate.space_id for rate in now)
    to_come = [rate for rate in rates if rate.valid_from > on and (rate.space_id or not own_only)]
    return [_price_list(group, rate, is_to_come=rate.valid_from > on) for rate in [*now, *to_come]]


def _price_list(group: RateGroup, rate: Rate, *, is_to_come: bool) -> PriceList:
    prices = [
        UnitPrice(unit, Taxed.from_net(price, rate=rate.vat_rate)) for unit, price in prices_of(rate).items()
    ]
    return PriceList(
        group, rate.valid_from, is_to_come, prices, rate.vat_rate, rate.vat_reason, rate.prepaid_percentage
    )
