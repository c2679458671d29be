"""Random invoices, paid back in random parts: lines, VAT, totals, credits, what is open and the journal, to the cent.

Counted beside the code under test, in whole cents and fractions. A seed that fails is in the name of the test.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as some

from config import controlling
from spaces.money import VatTreatment, euro
from tenants.billing import charging, crediting, invoicing, vat
from tenants.billing.charging import Owed
from tenants.billing.crediting import Part
from tenants.billing.models import Charge, Invoice, InvoiceLine, JournalLine, LineKind, Receivable
from tenants.billing.vat import VatSum
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

D = Decimal
DECEMBER, JANUARY_2 = NOVEMBER.replace(month=12), cast.at("2027-01-02 09:00")
PER_RUN = 100
RATES = {
    0: [VatTreatment.EXEMPT_RENT, VatTreatment.SERVICE_FOLLOWS],
    9: [VatTreatment.SERVICE_OWN],
    21: [
        VatTreatment.OPTED_RENT,
        VatTreatment.MEETING_TAXED,
        VatTreatment.SERVICE_OWN,
        VatTreatment.SERVICE_FOLLOWS,
    ],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "seed", [37, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(100, 200))]
)
def test_a_hundred_random_invoices_and_their_credits_agree_to_the_cent(seed: int) -> None:
    chance, hub = random.Random(seed), books.hub()
    sources = [post(chance, hub, number) for number in range(PER_RUN)]
    invoices = issued(books.approve_month(hub))
    assert len(invoices) == PER_RUN
    for invoice in invoices:
        adds_up(invoice)

    bookkeeper = cast.staff(hub, "bookkeeper", name="Bo")
    for invoice in chance.sample(invoices, 60):
        give_back(chance, invoice, by=bookkeeper)
    for source, party in chance.sample(sources, 30):
        charging.correct(source, hub=hub, party=party, lines=some_lines(chance))
    for invoice in issued(books.approve_month(hub, month=DECEMBER, now=JANUARY_2), now=JANUARY_2):
        adds_up(invoice)

    for invoice in invoices:
        no_more_than_invoiced(invoice)
    ledgers_agree()
    assert {it.invariant.words: it.shown for it in controlling.look(now=JANUARY_2) if it.looked.broken} == {}


@given(
    net=some.integers(1, 2_000_000),
    cuts=some.lists(some.integers(1, 2_000_000), max_size=8),
    rate=some.sampled_from([9, 21]),
)
def test_however_a_line_is_given_back_its_vat_comes_to_what_was_invoiced(
    net: int, cuts: list[int], rate: int
) -> None:
    edges = sorted({0, net, *(cut for cut in cuts if cut < net)})
    given_back, total = D(0), D(0)
    for low, high in pairwise(edges):
        part = owed(str(D(low - high) / 100), vat=rate)
        (each,) = vat.of_credit([part], before={("S", D(rate)): given_back}).sums
        assert abs(each.taxed.vat - each.taxed.net * rate / 100) <= D("0.01")
        given_back, total = given_back + each.taxed.net, total + each.taxed.vat

    assert (given_back, -total) == (-D(net) / 100, cents(Fraction(net * rate, 100)))


def post(chance: random.Random, hub, number: int) -> tuple[str, object]:
    party = books.party(hub, f"Partij {number:03}", vat_id="NL000099911B64")
    source = f"random:{number}"
    books.charge(party, *some_lines(chance, least=1), source=source)
    if chance.random() < 0.2:  # an amount given back of itself, smaller than the rest
        books.charge(party, owed("-0.01", vat=chance.choice([0, 9, 21])), source=f"back:{number}")
    return source, party


def some_lines(chance: random.Random, *, least: int = 0) -> list[Owed]:
    return [a_line(chance) for _each in range(chance.randint(least, 6))]


def a_line(chance: random.Random) -> Owed:
    rate = chance.choice([0, 9, 21])
    quantity = D(chance.choice([100, 100, chance.randint(1, 4000)])) / 100
    price = D(chance.randint(1, 10 ** chance.randint(2, 7))) / chance.choice([100, 100, 10000])
    line = owed(
        str(price), vat=rate, quantity=quantity, kind=chance.choice(LineKind.values),
        vat_treatment=chance.choice(RATES[rate]), cost_centre=chance.choice(["", "B03", "101"]),
    )  # fmt: skip
    return replace(line, net=max(line.net, euro("0.02")))


def issued(run, *, now=DECEMBER_1) -> list[Invoice]:
    invoicing.issue_approved(now=now)
    return list(run.invoices.issued().prefetch_related("lines__charge", "vat_lines"))


def give_back(chance: random.Random, invoice: Invoice, *, by) -> None:
    """In one to four notes of random parts; half of the time all that is left at last."""
    for _note in range(chance.randint(1, 4)):
        left = [each for each in crediting.lines_left(invoice) if each.can_be_credited and each.net > 0]
        parts = [part_of(chance, each) for each in left if chance.random() < 0.6]
        if parts:
            adds_up(crediting.credit(invoice, lines=parts, reason="deel", by=by, now=DECEMBER_1))
    rest = crediting.everything(invoice)
    if chance.random() < 0.5 and sum(net for _line, net in rest) > 0:
        adds_up(crediting.credit(invoice, lines=rest, reason="rest", by=by, now=DECEMBER_1))
        assert crediting.everything(invoice) == []


def part_of(chance: random.Random, left: crediting.Left) -> Part:
    whole = int(left.net * 100)
    return Part(left.line, left.net if chance.random() < 0.3 else D(chance.randint(1, whole)) / 100)


def adds_up(invoice: Invoice) -> None:
    """Lines are their charges, VAT is a cent or less from its rate, totals are sums."""
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for line in invoice.lines.all():
        assert (line.net, line.quantity) == (line.charge.net, line.charge.quantity)
        nets["S" if line.vat_rate else "E", line.vat_rate] += line.net
    stored = {(each.category, each.rate): each for each in invoice.vat_lines.all()}
    assert {key: each.net for key, each in stored.items()} == nets
    for (_category, rate), each in stored.items():
        exact = cents(Fraction(each.net) * 100 * Fraction(rate) / 100)
        assert each.vat == exact or (invoice.corrects_id and abs(each.vat - exact) <= D("0.01"))
    assert invoice.net == sum(nets.values())
    assert invoice.vat == sum(each.vat for each in stored.values())
    assert invoice.gross == invoice.net + invoice.vat == invoice.receivable.amount


def no_more_than_invoiced(invoice: Invoice) -> None:
    """Of each line, and of the VAT at each rate: exactly all of it when everything went back."""
    for line in invoice.lines.all():
        back = Charge.objects.filter(credits=line.charge).aggregate(sum=Sum("net"))["sum"] or D(0)
        assert 0 <= -back <= line.net or line.net < 0
    for rate in (D(9), D(21)):
        lines = [line for line in invoice.lines.all() if line.vat_rate == rate and line.net > 0]
        most = cents(Fraction(sum((line.net for line in lines), D(0))) * 100 * Fraction(rate) / 100)
        notes = Invoice.objects.filter(corrects=invoice, vat_lines__rate=rate)
        back = notes.aggregate(sum=Sum("vat_lines__vat"))["sum"] or D(0)
        assert -back <= most


def ledgers_agree() -> None:
    """What is asked, what stands on invoices, and the account of debtors in the journal are one amount."""
    asked = _sum(Receivable.objects.values_list("amount", flat=True))
    assert asked == _sum(Invoice.objects.issued().values_list("gross", flat=True))
    debtors = JournalLine.objects.filter(account__role="debtors").values_list("debit", "credit")
    assert asked == _sum(debit - credit for debit, credit in debtors)
    assert asked == _sum(Receivable.objects.with_open().values_list("open_amount", flat=True))
    lines = InvoiceLine.objects.filter(invoice__number__isnull=False)
    revenue = JournalLine.objects.exclude(account__role__in=["debtors", "vat_high", "vat_low"])
    assert _sum(lines.values_list("net", flat=True)) == _sum(
        credit - debit for debit, credit in revenue.values_list("debit", "credit")
    )


def cents(amount: Fraction) -> Decimal:
    """An amount in cents as euros, half a cent away from zero; on fractions, beside `spaces.money`."""
    whole = int(abs(amount) + Fraction(1, 2))
    return D(whole if amount >= 0 else -whole) / 100


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, D(0))


def test_control_vat_a_note_by_itself_gives_back_more_than_was_invoiced() -> None:
    """Three notes of 9.99 that each round their own VAT: a cent too much."""
    invoiced = vat.of_document([owed("9.99", vat=21)] * 3).vat
    alone: list[VatSum] = [
        each for _note in range(3) for each in vat.of_credit([owed("-9.99", vat=21)], before={}).sums
    ]

    assert (invoiced, -sum(each.taxed.vat for each in alone)) == (D("6.29"), D("6.30"))
