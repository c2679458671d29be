"""Named sets of charges, runs and invoices."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

if TYPE_CHECKING:
    from tenants.parties.access import Actor

BOOKS = ("director", "bookkeeper")


def _sum_of(model: str, name: str, **which: object) -> Coalesce:
    """The amounts of the rows of `model` that point here by their field `name`, added up; 0 without any."""
    rows = apps.get_model(model).objects.filter(**{name: OuterRef("pk")}, **which).order_by()
    added = rows.values(name).annotate(sum=Sum("amount")).values("sum")
    amount = DecimalField(max_digits=12, decimal_places=2)
    return Coalesce(Subquery(added, output_field=amount), Value(0, output_field=amount))


def _without_number(name: str) -> Func:
    """The source that "source:2" corrects; a source itself as it is."""
    return Func(F(name), Value(r":\d+$"), Value(""), function="regexp_replace", output_field=CharField())


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

    def due(self, month: date, *, used_until: date) -> Self:
        """What the run of `month` (its first day) is for, earlier months included.

        That is what is paid in advance and begins by the end of the month, with all that was charged together with it
        (a quarter in which the rent changes has more lines), and of everything else what was complete by `used_until`.
        What was paid when it was booked and moved to later is credited with what came in its place, not before.
        """
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        of_source = Q(source=OuterRef("source")) | Q(source=OuterRef("corrected_source"))
        charges = apps.get_model("billing.Charge").objects
        begun = charges.filter(of_source, in_advance=True, starts_on__lt=after)
        of_family = Q(source__startswith=Concat(OuterRef("corrected_source"), Value(":")))
        instead = charges.filter(of_family, credits=None, invoice_line=None, ends_on__gt=used_until)
        at_once = Q(credits__invoice_line__invoice__at_once=True)
        at_once |= Q(credits__invoice_line__invoice__corrects__at_once=True)
        asked = self.alias(corrected_source=_without_number("source")).exclude(at_once, Exists(instead))
        return asked.filter(Q(Exists(begun), in_advance=True) | Q(in_advance=False, ends_on__lte=used_until))

    def settled(self) -> Self:
        """On an approved or issued invoice, or on a credit note: only `charging.correct` changes what is owed."""
        on_paper = self.filter(invoice_line__isnull=False)
        return on_paper.exclude(invoice_line__invoice__run__state="proposed")


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

    def to_pay(self) -> Self:
        """What is still to be paid, the oldest first; credit notes left out."""
        return self.with_open().filter(open_amount__gt=0).order_by("due_on", "pk")

    def opened_above(self, amount: Decimal) -> Self:
        """Of which more than so many euros is open."""
        return self.with_open().filter(open_amount__gt=amount)

    def opened_from(self, amount: Decimal) -> Self:
        """Of which at least so many euros is open."""
        return self.with_open().filter(open_amount__gte=amount)

    def with_credit(self) -> Self:
        """Credit notes that are not used up, the oldest first; their `open_amount` is negative."""
        return self.with_open().filter(open_amount__lt=0).order_by("issued_on", "pk")


class PaymentQuerySet(_OfParty):
    """Sets of payments; `with_unused` says what of them pays nothing yet."""

    def with_unused(self) -> Self:
        """With `unused_amount`: what is left of it to pay something with; negative when more went back than came.

        What was reversed or given back is no longer there, and the payment that did so has nothing of its own.
        """
        gone = _sum_of("billing.Payment", "reverses") + _sum_of(
            "billing.Payment", "returns", reversed_by__isnull=True
        )
        left = F("amount") + gone - _sum_of("billing.Allocation", "payment")
        amount = DecimalField(max_digits=12, decimal_places=2)
        mirrors = When(
            Q(reverses__isnull=False) | Q(returns__isnull=False), then=Value(0, output_field=amount)
        )
        return self.annotate(unused_amount=Case(mirrors, default=left, output_field=amount))

    def with_credit(self) -> Self:
        """Of which something is left: paid too much, or not yet said for what."""
        return self.with_unused().filter(unused_amount__gt=0)


class OfTheBooksQuerySet(models.QuerySet):
    """Rows of a hub that only its books see: statements, batches of direct debits, refunds."""

    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(hub=actor.hub) if actor.has(*BOOKS) else self.none()


class OnlineMandateQuerySet(_OfParty):
    """Sets of mandates that parties gave online."""


class OnlinePaymentQuerySet(_OfParty):
    """Sets of attempts to collect online."""

    def under_way(self) -> Self:
        """Those of which money may still come."""
        return self.filter(state__in=["new", "open", "processing"])

    def of_source(self, source: str) -> Self:
        """The attempts to pay what has no invoice yet, as a booking."""
        return self.filter(source=source)


class BankEntryQuerySet(OfTheBooksQuerySet):
    """Sets of bank entries."""

    def with_unexplained(self) -> Self:
        """With `unexplained_amount`: what of it is neither a payment nor booked on an account. No extra query."""
        amount = DecimalField(max_digits=12, decimal_places=2)
        booked = When(account__isnull=False, then=Value(0, output_field=amount))
        left = F("amount") - _sum_of("billing.Payment", "entry")
        return self.annotate(unexplained_amount=Case(booked, default=left, output_field=amount))

    def unexplained(self) -> Self:
        """What is not wholly a payment nor booked on an account."""
        return self.with_unexplained().exclude(unexplained_amount=0)


class InvoiceRunQuerySet(models.QuerySet):
    """Sets of month runs."""

    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(hub=actor.hub) if actor.has(*BOOKS) else self.none()

    def unfinished(self) -> Self:
        return self.exclude(state="issued")

    def approved(self) -> Self:
        return self.filter(state="approved").order_by("approved_at", "pk")
