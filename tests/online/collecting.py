"""A hub that collects, a party with a mandate given on the stand-in's page, and what it owes."""

from datetime import date, datetime
from typing import Any

from spaces.models import Hub
from tenants.billing.dunning import standing
from tenants.billing.dunning.standing import Obstacle
from tenants.billing.models import OnlineMandate, OnlinePayment, OnlineSettings
from tenants.billing.online import collecting, mandating, syncing
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.billing import books
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn

FRIDAY = date(2026, 11, 27)
"""The first bank day that can be announced on Sunday 22 November."""
SUNDAY, MONDAY, LATER = "2026-11-22 13:00", "2026-11-23 06:00", "2026-11-27 10:00"


def hub_that_collects(**chosen: Any) -> Hub:
    hub = books.hub()
    OnlineSettings.objects.create(hub=hub, collects=True, **chosen)
    return hub


def payer(hub: Hub, name: str = "Diëtiste De Vries", **fields: Any) -> tuple[User, Party]:
    """A self-employed party with an address, and its person."""
    user, party = cast.zzper(hub, name, **books.ADDRESS | fields)
    return user, party


def begun(party: Party, user: User, *, now: datetime = NOW) -> OnlineMandate:
    """The page at Stripe is open."""
    return mandating.open_page(mandating.begin(party, by=user, now=now))


def mandate_of(
    party: Party, user: User, stripe_server: StandIn, *, last4: str = "5264", now: datetime = NOW
) -> OnlineMandate:
    """Given, and seen."""
    mandate = begun(party, user, now=now)
    stripe_server.give_mandate(mandate.url, last4=last4)
    return mandating.sync(mandate, now=now)


def sweep(stripe_server: StandIn, moment: str) -> datetime:
    """The hourly sweep at a moment of Amsterdam, by the clock of Stripe as well."""
    now = cast.at(moment)
    stripe_server.at(now)
    collecting.run(now=now)
    return now


def only() -> OnlinePayment:
    """The one debit there is."""
    return OnlinePayment.objects.select_related("hub", "party__hub", "receivable__hub", "mandate").get()


def letters() -> list[str]:
    """Kinds of the letters about collecting that were not withdrawn, in order."""
    rows = Letter.objects.filter(dropped_at=None).exclude(kind="mandate_given")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def submitted(stripe_server: StandIn) -> OnlinePayment:
    """Announced on Sunday 22 November for Friday, and handed to Stripe on Monday."""
    sweep(stripe_server, SUNDAY)
    sweep(stripe_server, MONDAY)
    return only()


def synced(payment: OnlinePayment, moment: str = LATER) -> OnlinePayment:
    """Looked at, as for an event or by the sweep."""
    row = OnlinePayment.objects.select_related("hub", "party__hub").get(pk=payment.pk)
    return syncing.sync(row, now=cast.at(moment))


def obstacle(hub: Hub, today: date = date(2026, 12, 10)) -> Obstacle | None:
    """Why nobody is reminded of the one thing that is open."""
    return standing.items(hub, today=today)[0].obstacle
