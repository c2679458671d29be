"""What an hour in a meeting room costs once the hours of the lease are used."""

from datetime import date

from spaces.models import Space
from spaces.money import Taxed
from spaces.periods import HOUR, Period, local_day
from spaces.pricing import NoPrice, quote
from tenants.parties.models import Party


def per_hour(space: Space, party: Party, *, day: date) -> Taxed | None:
    """The price of one hour on `day` for `party`; None when the room is not let by the hour."""
    noon = local_day(day, zone=space.hub.zone).start + 12 * HOUR
    try:
        return quote(space, period=Period(noon, noon + HOUR), rate_group=party.rate_group).taxed
    except NoPrice:
        return None
