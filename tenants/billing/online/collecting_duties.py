"""What there is to do today about what is collected by mandates that were given online. Nothing is written here."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from tenants.billing.duties import Duty
from tenants.billing.online import collecting, mandates_seen, settings


def today(hub: Hub, *, now: datetime) -> Iterator[Duty]:
    """Debits that came back, and what is too large to collect. No query without a key."""
    if not settings.is_on():
        return
    if refused := mandates_seen.refused(hub):
        first = refused[0]
        why = _("%(party)s: %(why)s. Collect it once more, or wait for a bank transfer.") % {
            "party": first.payment.party.name, "why": first.why
        }  # fmt: skip
        words = ngettext("Direct debit that came back", "Direct debits that came back", len(refused))
        yield Duty(len(refused), words, why, reverse("online-debits"))
    if large := mandates_seen.too_large(hub, today=collecting.first_day(hub, now=now)):
        amount = wording.euro(total(row.open_amount for row in large))
        why = _("%(amount)s together, by bank transfer. See that it comes.") % {"amount": amount}
        words = ngettext(
            "Invoice that is too large to collect", "Invoices that are too large to collect", len(large)
        )
        yield Duty(len(large), words, why, reverse("online-debits"))
