"""What there is to do today about who pays late. Nothing is written here."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        words = ngettext("Reminder to look at and send", "Reminders to look at and send", len(letters))
        yield Duty(len(letters), words, why, reverse("dunning"))
    if ready := charging_costs.ready(hub, today=day):
        names = ", ".join(dict.fromkeys(each.party.name for each in ready))
        why = _("The 14-day letter ran out unpaid: %(names)s.") % {"names": names}
        words = ngettext(
            "14-day letter to charge collection costs for",
            "14-day letters to charge collection costs for",
            len(ready),
        )
        yield Duty(len(ready), words, why, reverse("dunning"))
