"""How far an issued invoice has come: numbered, on paper, and in the hands of who pays it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.billing import documents
from tenants.billing.models import AwaitedDocument, Invoice, InvoiceRun, RunState
from tenants.billing.querysets import InvoiceQuerySet
from tenants.parties import mailing
from tenants.parties.models import Letter

PATIENCE = timedelta(minutes=5)
"""After this an approved run that is not issued yet needs somebody to look at the worker."""


class Stage(models.TextChoices):
    """Where an issued invoice is."""

    MAKING = "making", _("is being made")
    SENDING = "sending", _("is being sent")
    SENT = "sent", _("sent")
    PRINT = "print", _("print and post it: no e-mail address")
    FAILED = "failed", _("failed")


@dataclass(frozen=True)
class Delivery:
    """An issued invoice and where it is; `why` when it failed."""

    invoice: Invoice
    stage: Stage
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """How far the runs of a month are; counts of invoices."""

    run: InvoiceRun
    count: int
    issued: int
    deliveries: Sequence[Delivery]
    stalled: bool

    @property
    def is_busy(self) -> bool:
        return self.run.state == RunState.APPROVED or any(
            each.stage in (Stage.MAKING, Stage.SENDING) for each in self.deliveries
        )

    @property
    def sent(self) -> int:
        return sum(each.stage == Stage.SENT for each in self.deliveries)

    @property
    def failed(self) -> list[Delivery]:
        return [each for each in self.deliveries if each.stage == Stage.FAILED]


def progress(run: InvoiceRun, *, now: datetime) -> Progress:
    """How far `run` is, with each issued invoice. A constant number of queries."""
    issued = run.invoices.issued().order_by("number")
    drafts = run.invoices.drafts().count()
    found = deliveries(issued)
    late = run.approved_at is not None and now - run.approved_at > PATIENCE
    return Progress(
        run, len(found) + drafts, len(found), found, stalled=late and run.state == RunState.APPROVED
    )


def deliveries(invoices: InvoiceQuerySet) -> list[Delivery]:
    """Where each of these issued invoices is, in their order. Two queries; the PDFs themselves are not read."""
    rows = list(invoices.with_paper())
    letters = _letters(rows)
    return [_delivery(invoice, letters.get(documents.letter_key(invoice))) for invoice in rows]


def try_again(invoice: Invoice, *, now: datetime) -> None:
    """Put a failed document or a refused letter of `invoice` back in line; nothing when neither failed."""
    documents.try_again(invoice)
    for letter in _letters([invoice]).values():
        if letter.refused_at:
            mailing.try_again(letter, now=now)


def _letters(invoices: Iterable[Invoice]) -> dict[str, Letter]:
    keys = [documents.letter_key(invoice) for invoice in invoices]
    fields = ("key", "sent_at", "dropped_at", "refused_at", "error", "to_email")
    return {letter.key: letter for letter in Letter.objects.filter(key__in=keys).only(*fields)}


def _delivery(invoice: Invoice, letter: Letter | None) -> Delivery:
    awaited: AwaitedDocument | None = getattr(invoice, "awaited", None)
    if awaited and awaited.attempts >= documents.MOST_ATTEMPTS:
        return Delivery(invoice, Stage.FAILED, awaited.error)
    if not invoice.has_paper:  # type: ignore[attr-defined]  # annotated by with_paper()
        return Delivery(invoice, Stage.MAKING)
    if letter is None:
        return Delivery(invoice, Stage.PRINT)
    return _mailed(invoice, letter)


def _mailed(invoice: Invoice, letter: Letter) -> Delivery:
    if letter.sent_at:
        return Delivery(invoice, Stage.SENT, at=letter.sent_at)
    if letter.refused_at:
        return Delivery(invoice, Stage.FAILED, f"{letter.to_email}: {letter.error}")
    if letter.dropped_at:
        return Delivery(invoice, Stage.PRINT)
    return Delivery(invoice, Stage.SENDING)
