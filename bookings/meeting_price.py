"""What an hour in a meeting room costs once the hours of the lease are used."""

from collections.abc import Iterable
from datetime import date

from spaces.models import Space
from spaces.money import Taxed
from spaces.periods import HOUR, Period, local_day
from spaces.pricing import NoPrice, quote
from tenants.parties.models import Party


def per_hour(space: Space, party: Party, *, days: Iterable[date]) -> Taxed | None:
    """The price of one hour for `party` on the first of `days` that the hub is open; None when it is not let so."""
    prices = (_on(space, party, day=day) for day in days)
    return next((price for price in prices if price), None)


def _on(space: Space, party: Party, *, day: date) -> Taxed | None:
    noon = local_day(day, zone=space.hub.zone).start + 12 * HOUR
    try:
        return quote(space, period=Period(noon, noon + HOUR), rate_group=party.rate_group).taxed
    except NoPrice:
        return None
