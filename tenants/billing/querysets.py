"""Named sets of charges, runs and invoices."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from tenants.parties.access import Actor

BOOKS = ("director", "bookkeeper")


class _OfParty(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """The books see all of the hub; a party's own people see their own, but only its managers."""
        if actor.has(*BOOKS):
            return self.filter(hub=actor.hub)
        if actor.has("tenant_manager", "zzper"):
            return self.filter(hub=actor.hub, party__in=actor.party_ids)
        return self.none()


class ChargeQuerySet(_OfParty):
    def from_source(self, source: str) -> Self:
        return self.filter(source=source)

    def uninvoiced(self) -> Self:
        """Not on any invoice, draft or issued."""
        return self.filter(invoice_line__isnull=True)

    def until(self, day: date) -> Self:
        """Whose service was complete by `day` (included)."""
        return self.filter(ends_on__lte=day)


class InvoiceQuerySet(_OfParty):
    def issued(self) -> Self:
        return self.filter(number__isnull=False)

    def drafts(self) -> Self:
        return self.filter(number__isnull=True)


class InvoiceRunQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(hub=actor.hub) if actor.has(*BOOKS) else self.none()

    def unfinished(self) -> Self:
        return self.exclude(state="issued")

    def approved(self) -> Self:
        return self.filter(state="approved").order_by("approved_at", "pk")
