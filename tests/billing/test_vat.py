"""The oracles of the money rules, by number, and ten thousand random invoices."""

import random
from dataclasses import dataclass
from decimal import Decimal

import pytest

from spaces.money import Taxed, VatTreatment, euro
from tenants.billing import vat

D = Decimal
TREATMENTS = {0: VatTreatment.EXEMPT_RENT, 9: VatTreatment.SERVICE_OWN, 21: VatTreatment.MEETING_TAXED}


@dataclass(frozen=True)
class Item:
    net: Decimal
    vat_treatment: str
    vat_rate: Decimal


def item(net: str, rate: int) -> Item:
    return Item(D(net), TREATMENTS[rate], D(rate))


def of(*items: Item) -> tuple[Decimal, Decimal, Decimal]:
    total = vat.of_document(items)
    return total.net, total.vat, total.gross


def test_oracle_1_vat_is_computed_once_over_the_sum_of_the_lines() -> None:
    assert of(item("9.99", 21), item("9.99", 21), item("9.99", 21)) == (D("29.97"), D("6.29"), D("36.26"))


@pytest.mark.parametrize(
    ("amount", "cents"), [("20.124", "20.12"), ("20.125", "20.13"), ("-20.125", "-20.13")]
)
def test_oracle_2_halves_are_rounded_away_from_zero(amount: str, cents: str) -> None:
    assert euro(amount) == D(cents)


def test_oracle_3_a_price_including_vat_is_split() -> None:
    split = Taxed.from_gross(D("42.50"), rate=D(21))

    assert (split.net, split.vat, split.gross) == (D("35.12"), D("7.38"), D("42.50"))


def test_oracle_4_a_mixed_invoice_has_one_sum_per_category_and_rate() -> None:
    total = vat.of_document([*[item("27.50", 0)] * 4, *[item("42.50", 21)] * 2, *[item("1.75", 9)] * 11])

    assert [(each.category, each.taxed.rate, each.taxed.net, each.taxed.vat) for each in total.sums] == [
        ("E", 0, D("110.00"), D("0.00")),
        ("S", 21, D("85.00"), D("17.85")),
        ("S", 9, D("19.25"), D("1.73")),
    ]
    assert (total.net, total.vat, total.gross) == (D("214.25"), D("19.58"), D("233.83"))


def test_oracle_11_one_party_has_exempt_and_taxed_lines_side_by_side() -> None:
    meeting = item("85.00", 21)
    rent = item("1631.25", 0)
    opted = Item(D("1631.25"), VatTreatment.OPTED_RENT, D(21))

    assert of(meeting) == (D("85.00"), D("17.85"), D("102.85"))
    assert [each.category for each in vat.of_document([meeting, rent]).sums] == ["E", "S"]
    assert of(opted) == (D("1631.25"), D("342.56"), D("1973.81"))


@pytest.mark.parametrize(
    ("when", "fee", "gross"),
    [("8 days", "8.50", "10.29"), ("3 days", "42.50", "51.43"), ("no-show", "85.00", "102.85")],
)
def test_oracle_13_a_cancellation_fee_carries_the_vat_of_its_booking(when: str, fee: str, gross: str) -> None:
    assert of(item(fee, 21))[2] == D(gross), when


def test_service_cost_follows_its_rent() -> None:
    exempt = Item(D("10.00"), VatTreatment.SERVICE_FOLLOWS, D(0))
    taxed = Item(D("10.00"), VatTreatment.SERVICE_FOLLOWS, D(21))

    assert [(each.category, each.taxed.vat) for each in vat.of_document([exempt, taxed]).sums] == [
        ("E", D("0.00")),
        ("S", D("2.10")),
    ]


@pytest.mark.parametrize(
    "line",
    [Item(D(10), VatTreatment.MEETING_TAXED, D(0)), Item(D(10), VatTreatment.EXEMPT_RENT, D(21))],
)
def test_a_rate_that_no_law_explains_is_refused(line: Item) -> None:
    with pytest.raises(vat.NoVatReason):
        vat.of_document([line])


def test_lines_vat_and_totals_of_ten_thousand_random_invoices_agree_to_the_cent() -> None:
    chance = random.Random(2026)
    for _invoice in range(10_000):
        items = [
            Item(
                euro(D(chance.randint(-500_000, 2_000_000)) / 100 * chance.randint(1, 12) / 4),
                TREATMENTS[rate],
                D(rate),
            )
            for rate in chance.choices([0, 9, 21], k=chance.randint(1, 40))
        ]
        total = vat.of_document(items)

        assert total.net == sum((it.net for it in items), D(0))
        assert total.gross == total.net + total.vat
        for each in total.sums:
            cents = sum(int(it.net * 100) for it in items if it.vat_rate == each.taxed.rate)
            assert int(each.taxed.vat * 100) == _percent_half_up(cents, int(each.taxed.rate))
        assert len(total.sums) == len({it.vat_rate for it in items})


def _percent_half_up(cents: int, rate: int) -> int:
    """The same in whole numbers: a second way to the answer."""
    magnitude = (abs(cents) * rate * 2 + 100) // 200
    return magnitude if cents >= 0 else -magnitude
