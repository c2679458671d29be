"""Fixed half-days made by hand, through the use-case that the page calls."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from spaces.models import DayPart, Hub, Space
from tenants.billing.models import Charge
from tenants.leases import arranging, fixing
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Party
from tests.cast import NOW, at

TUESDAY, THURSDAY = 1, 3


def wanted(party: Party, space: Space, **fields: Any) -> FixedDayPart:
    """Every Tuesday morning from 1 December 2026, 37.50 a time, nothing when closed; not stored."""
    hub = party.hub
    defaults = {
        "weekday": TUESDAY,
        "starts_on": date(2026, 12, 1),
        "price": Decimal("37.50"),
        "day_part": DayPart.objects.get(hub=hub, name_nl="ochtend"),
        "charged_from": fixing.first_charged(hub, now=NOW),
    }
    return FixedDayPart(hub=hub, party=party, space=space, **defaults | fields)


def arranged(party: Party, space: Space, *, now: datetime = NOW, **fields: Any) -> FixedDayPart:
    """The same, stored; dates that others have are left out."""
    asked = wanted(party, space, **fields)
    skipped = arranging.plan(asked, now=now).skipped
    return arranging.arrange(asked, skipped=skipped, now=now)


def start(day: str, clock: str = "08:00") -> datetime:
    return at(f"{day} {clock}")


def charged(hub: Hub) -> list[tuple[str, Decimal, Decimal]]:
    """Source without the key of the half-day, quantity and net of each charge."""
    rows = Charge.objects.filter(hub=hub).order_by("starts_on", "source", "position")
    return [(row.source.split(":", 2)[2], row.quantity, row.net) for row in rows]
