"""What there is to do today about who pays late. Nothing is written here."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from tenants.billing.dunning import charging_costs, proposing
from tenants.billing.duties import Duty


def today(hub: Hub, *, now: datetime) -> Iterator[Duty]:
    """Letters of the ladder to send, and costs to charge after one ran out."""
    day = now.astimezone(hub.zone).date()
    if letters := proposing.letters(hub, today=day):
        names = ", ".join(dict.fromkeys(each.party.name for each in letters))
        why = _("About %(amount)s together: %(names)s.") % {
            "amount": wording.euro(total(each.amount for each in letters)), "names": names
        }  # fmt: skip
        yield Duty(len(letters), _("Reminders to look at and send"), why, reverse("dunning"))
    if ready := charging_costs.ready(hub, today=day):
        names = ", ".join(dict.fromkeys(each.party.name for each in ready))
        why = _("The 14-day letter ran out unpaid: %(names)s.") % {"names": names}
        yield Duty(len(ready), _("Collection costs to charge"), why, reverse("dunning"))
