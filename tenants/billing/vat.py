"""VAT of a document: once per category and rate over the sum of its lines, rounded half up.

The e-invoice rules accept VAT that is wrong by up to € 0.99, so these sums are checked to the cent here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from spaces.money import Euro, Taxed, VatTreatment, euro, total

STANDARD, EXEMPT = "S", "E"
EXEMPT_TEXT = "Vrijgesteld van btw: verhuur van onroerende zaken (art. 11 lid 1 onderdeel b Wet OB 1968)"
"""What an exempt invoice has to say, in Dutch in every language: it quotes the law (art. 35a Wet OB)."""


class NoVatReason(ValueError):
    """A line of 0 % that no exemption explains."""


class Taxable(Protocol):
    """A line with net in cents, its treatment, and its rate in percent."""

    @property
    def net(self) -> Decimal: ...
    @property
    def vat_treatment(self) -> str: ...
    @property
    def vat_rate(self) -> Decimal: ...


@dataclass(frozen=True)
class VatSum:
    """The VAT of one category (S or E) and rate of a document."""

    category: str
    taxed: Taxed


@dataclass(frozen=True)
class DocumentTotal:
    """What a document comes to: net + vat == gross, and `sums` add up to both."""

    sums: tuple[VatSum, ...]

    @property
    def net(self) -> Euro:
        return total(each.taxed.net for each in self.sums)

    @property
    def vat(self) -> Euro:
        return total(each.taxed.vat for each in self.sums)

    @property
    def gross(self) -> Euro:
        return total(each.taxed.gross for each in self.sums)


def category(treatment: str, rate: Decimal) -> str:
    """S for taxed, E for exempt. Only rent, and service cost that follows it, can be exempt; else NoVatReason."""
    if rate > 0 and treatment != VatTreatment.EXEMPT_RENT:
        return STANDARD
    if rate == 0 and treatment in (VatTreatment.EXEMPT_RENT, VatTreatment.SERVICE_FOLLOWS):
        return EXEMPT
    raise NoVatReason(f"{treatment} at {rate} %")


def of_document(lines: Iterable[Taxable]) -> DocumentTotal:
    """Totals of an invoice with these lines, exempt first, then by rate downwards. Raises NoVatReason."""
    return DocumentTotal(tuple(VatSum(key[0], Taxed.from_net(net, rate=key[1])) for key, net in _nets(lines)))


def of_credit(lines: Iterable[Taxable], *, before: Mapping[tuple[str, Decimal], Decimal]) -> DocumentTotal:
    """Totals of a credit note with these lines (below zero), after net amounts `before` by category and rate.

    The VAT is the step that all credited VAT makes: each note is within a cent of its rate, and after the last part all
    together is exactly what was invoiced, never more. Raises NoVatReason.
    """
    return DocumentTotal(
        tuple(
            VatSum(key[0], _step(net, before.get(key, Decimal(0)), rate=key[1])) for key, net in _nets(lines)
        )
    )


def of_change(
    lines: Iterable[Taxable], *, standing: Mapping[tuple[str, Decimal], tuple[Decimal, Decimal]]
) -> DocumentTotal:
    """Totals of a note with these lines to an invoice of which (net, VAT) is `standing`, by category and rate.

    After it the VAT of what stands is exactly its rate, so what was paid less what comes back is the price of what is
    kept, to the cent. Raises NoVatReason.
    """
    sums = []
    for key, net in _nets(lines):
        before, charged = standing.get(key, (Decimal(0), Decimal(0)))
        tax = euro(Taxed.from_net(before + net, rate=key[1]).vat - charged)
        sums.append(VatSum(key[0], Taxed(net=net, vat=tax, rate=key[1])))
    return DocumentTotal(tuple(sums))


def _step(net: Euro, before: Decimal, *, rate: Decimal) -> Taxed:
    vat = Taxed.from_net(before + net, rate=rate).vat - Taxed.from_net(before, rate=rate).vat
    return Taxed(net=net, vat=euro(vat), rate=rate)


def _nets(lines: Iterable[Taxable]) -> list[tuple[tuple[str, Decimal], Euro]]:
    nets: dict[tuple[str, Decimal], list[Decimal]] = defaultdict(list)
    for line in lines:
        nets[category(line.vat_treatment, line.vat_rate), line.vat_rate].append(line.net)
    return [(key, total(nets[key])) for key in sorted(nets, key=lambda key: (key[0], -key[1]))]
