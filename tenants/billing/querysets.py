"""Named sets of charges, runs and invoices."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from tenants.parties.access import Actor

BOOKS = ("director", "bookkeeper")


def _sum_of(model: str, name: str) -> Coalesce:
    """The amounts of the rows of `model` that point here by their field `name`, added up; 0 without any."""
    rows = apps.get_model(model).objects.filter(**{name: OuterRef("pk")}).order_by()
    added = rows.values(name).annotate(sum=Sum("amount")).values("sum")
    amount = DecimalField(max_digits=12, decimal_places=2)
    return Coalesce(Subquery(added, output_field=amount), Value(0, output_field=amount))


class _OfParty(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """The books see all of the hub; others those of the parties that they manage, or that are their practice."""
        if actor.has(*BOOKS):
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids_as("tenant_manager", "zzper"))


class ChargeQuerySet(_OfParty):
    """Sets of charges."""

    def from_source(self, source: str) -> Self:
        return self.filter(source=source)

    def of_family(self, source: str) -> Self:
        """Of `source` itself and of its corrections (`source:2`, `source:3`, …)."""
        return self.filter(Q(source=source) | Q(source__startswith=f"{source}:"))

    def ready(self) -> Self:
        """Without credits of what has no invoice number yet: a credit must name the invoice it corrects."""
        return self.filter(Q(credits__isnull=True) | Q(credits__invoice_line__invoice__number__isnull=False))

    def uninvoiced(self) -> Self:
        """Not on any invoice, draft or issued."""
        return self.filter(invoice_line__isnull=True)

    def until(self, day: date) -> Self:
        """Whose service was complete by `day` (included)."""
        return self.filter(ends_on__lte=day)


class InvoiceQuerySet(_OfParty):
    """Sets of invoices, issued ones and drafts."""

    def issued(self) -> Self:
        return self.filter(number__isnull=False)

    def drafts(self) -> Self:
        return self.filter(number__isnull=True)

    def issued_in(self, month: date) -> Self:
        """Issued in the calendar month of `month`."""
        return self.filter(issued_on__year=month.year, issued_on__month=month.month)

    def naming(self, words: str) -> Self:
        """Whose number, payment reference or party has these words in it."""
        words = words.strip()
        named = Q(number__icontains=words) | Q(payment_reference=words) | Q(buyer__name__icontains=words)
        return self.filter(named) if words else self

    def with_paper(self) -> Self:
        """With `has_paper`, and with why it has none, if it failed."""
        has_paper = ExpressionWrapper(Q(document__isnull=False), output_field=models.BooleanField())
        return self.select_related("hub", "party", "awaited").annotate(has_paper=has_paper)


class ReceivableQuerySet(_OfParty):
    """Sets of what was asked; `with_open` says what of it is not paid."""

    def with_open(self) -> Self:
        """With `open_amount`: what is left of it, in euros; negative for a credit not used yet. No extra query."""
        paid = _sum_of("billing.Allocation", "receivable")
        used = _sum_of("billing.Allocation", "against")
        return self.annotate(open_amount=F("amount") - paid + used)

    def still_open(self) -> Self:
        return self.with_open().exclude(open_amount=0)


class PaymentQuerySet(_OfParty):
    """Sets of payments; `with_unused` says what of them pays nothing yet."""

    def with_unused(self) -> Self:
        """With `unused_amount`: what is left of it; negative of a refund that no payment was taken from yet."""
        return self.annotate(unused_amount=F("amount") - _sum_of("billing.Allocation", "payment"))


class BankEntryQuerySet(models.QuerySet):
    """Sets of bank entries."""

    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(hub=actor.hub) if actor.has(*BOOKS) else self.none()

    def unexplained(self) -> Self:
        """What is neither a payment nor booked on an account."""
        return self.filter(payments__isnull=True, account__isnull=True)


class InvoiceRunQuerySet(models.QuerySet):
    """Sets of month runs."""

    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(hub=actor.hub) if actor.has(*BOOKS) else self.none()

    def unfinished(self) -> Self:
        return self.exclude(state="issued")

    def approved(self) -> Self:
        return self.filter(state="approved").order_by("approved_at", "pk")
