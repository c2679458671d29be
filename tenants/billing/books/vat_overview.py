"""What VAT is owed over a period, per treatment and rate, straight from the issued invoices."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from spaces.models import Hub
from spaces.money import Euro, VatTreatment, euro, total
from tenants.billing.models import Invoice, InvoiceLine, InvoiceVat


@dataclass(frozen=True)
class VatRow:
    """One treatment at one rate: what was charged excluding VAT. VAT itself is rounded once a document, by rate."""

    treatment: str
    rate: Decimal
    net: Euro

    @property
    def words(self) -> str:
        return str(VatTreatment(self.treatment).label)


@dataclass(frozen=True)
class RateRow:
    """One rate with the net it was owed over, the VAT on the invoices, and its box (rubriek) in the return."""

    rate: Decimal
    net: Euro
    vat: Euro

    @property
    def box(self) -> str:
        """Rubriek of the Dutch return: 1a general rate, 1b reduced rate, 1e zero; exempt letting is not declared."""
        if self.rate == 0:
            return _("exempt: not in the return")
        return "1a" if self.rate > Decimal(15) else "1b"

    @property
    def rounded(self) -> tuple[int, int]:
        """Whole euros, as the return asks; rounding in one's own favour is allowed, so down."""
        return int(self.net), int(self.vat)


@dataclass(frozen=True)
class VatOverview:
    """The invoices issued from `first` to `last`, both included."""

    first: date
    last: date
    treatments: list[VatRow]
    rates: list[RateRow]
    count: int

    @property
    def net(self) -> Euro:
        return total(row.net for row in self.rates)

    @property
    def vat(self) -> Euro:
        return total(row.vat for row in self.rates)


def over(hub: Hub, *, first: date, last: date) -> VatOverview:
    """The VAT of a hub over a period, by the date of the invoice. Three queries."""
    issued = Invoice.objects.issued().filter(hub=hub, issued_on__range=(first, last))
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    lines = InvoiceLine.objects.filter(invoice__in=issued)
    for treatment, rate, net in lines.values_list("vat_treatment", "vat_rate", "net"):
        nets[treatment, rate] += net
    taxes: dict[Decimal, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for rate, net, vat in InvoiceVat.objects.filter(invoice__in=issued).values_list("rate", "net", "vat"):
        taxes[rate].append((net, vat))
    return VatOverview(
        first,
        last,
        [VatRow(kind, rate, euro(net)) for (kind, rate), net in sorted(nets.items())],
        [
            RateRow(rate, total(net for net, _v in rows), total(vat for _n, vat in rows))
            for rate, rows in sorted(taxes.items(), reverse=True)
        ],
        issued.count(),
    )
