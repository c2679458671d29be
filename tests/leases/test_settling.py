"""Settling the service costs of a year: proposed, made anew, approved once, charged, explained to the bill."""

import io
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction

from spaces.explaining import tell
from spaces.money import VatTreatment
from tenants.billing import charging
from tenants.billing.models import Charge, LineKind
from tenants.leases.models import MeterReading, Settlement, SettlementShare
from tenants.leases.settling import approving, proposing
from tenants.leases.settling.reckoning import reckon
from tenants.leases.settling.refusals import AlreadySettled, NotReady, SettlementChanged
from tenants.parties.models import Letter
from tests import cast
from tests.billing.books import owed
from tests.cast import NOW
from tests.leases import settled
from tests.leases.settled import YEAR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub():
    return settled.hub()


@pytest.fixture
def bookkeeper(hub):
    return cast.staff(hub, "bookkeeper")


def propose(hub, by, year=YEAR):
    return proposing.propose(hub, year, by=by, now=NOW)


def seen(settlement):
    return proposing.fingerprint(list(settlement.shares.all()))


def approve(settlement, by):
    approving.approve(settlement, seen=seen(settlement), by=by, now=NOW)


def charges():
    return list(Charge.objects.filter(kind=LineKind.SETTLEMENT).order_by("source", "position"))


def costs(settlement):
    return [(row.lease.number if row.lease else "", row.cost) for row in settlement.shares.all()]


def test_oracle_10_the_bill_is_divided_and_vacant_m2_are_the_hubs_own(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)

    settlement = propose(hub, bookkeeper)

    assert costs(settlement) == [
        ("HC-1", Decimal("5919.34")), ("HC-2", Decimal("12655.14")), ("HC-3", Decimal("3572.02")),
        ("", Decimal("39088.06")),
    ]  # fmt: skip
    first = settlement.shares.first()
    assert (first.advance, first.balance) == (Decimal("4800.00"), Decimal("1119.34"))
    assert tell(first.calculation["why"]) == (
        "145,00\xa0m² of the 1.500,00\xa0m² that the building has, all year, of €\xa061.234,56."
    )


def test_approving_charges_what_is_left_and_gives_back_what_was_too_much(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)
    settlement = propose(hub, bookkeeper)

    approve(settlement, bookkeeper)

    assert [(row.party.name, row.net, row.topic.partition(":")[0]) for row in charges()] == [
        ("Huurder 1", Decimal("1119.34"), "service"),
        ("Huurder 2", Decimal("7855.14"), "service"),
        ("Huurder 3", Decimal("-1227.98"), "service"),
    ]
    assert {(row.vat_treatment, row.vat_rate) for row in charges()} == {
        (VatTreatment.SERVICE_FOLLOWS, Decimal(0))
    }
    assert "4.800,00" in tell(charges()[0].reason)


def test_approving_twice_changes_nothing(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)
    settlement = propose(hub, bookkeeper)
    digest = seen(settlement)
    for _time in range(2):
        approving.approve(settlement, seen=digest, by=bookkeeper, now=NOW)

    assert len(charges()) == 3
    assert Letter.objects.filter(kind="settlement").count() == 3
    with pytest.raises(AlreadySettled):
        propose(hub, bookkeeper)


def test_an_approved_settlement_never_changes_whoever_tries(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)
    settlement = propose(hub, bookkeeper)
    approve(settlement, bookkeeper)

    for sql in (
        "update leases_settlement set year = 2024",
        "delete from leases_settlement",
        "update leases_settlementshare set cost = 0",
        "delete from leases_settlementshare",
        "insert into leases_settlementshare select * from leases_settlementshare limit 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Settlement.objects.get().state == "approved"
    assert SettlementShare.objects.count() == 4


def test_before_it_is_approved_it_is_made_anew_as_often_as_wanted(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)
    old = propose(hub, bookkeeper)
    before = seen(old)
    settled.bill(hub, "1500.00", supplier="Schoonmaak")

    with pytest.raises(SettlementChanged):
        approving.approve(old, seen=before, by=bookkeeper, now=NOW)
    again = propose(hub, bookkeeper)

    assert again.pk == old.pk
    assert sum(cost for _number, cost in costs(again)) == Decimal("62734.56")
    approve(again, bookkeeper)


def test_advances_that_were_charged_count_as_charged_with_their_credits(hub, bookkeeper):
    (lease, *_others) = settled.leases(hub, charged_from=date(2025, 7, 1))
    settled.bill(hub)
    kind = settled.service(hub)
    facts = {"kind": LineKind.SERVICE, "topic": f"service:{kind.pk}", "vat_treatment": "service_follows"}
    days = {"starts_on": date(2025, 7, 1), "ends_on": date(2025, 7, 31)}
    lines = [owed("400.00", **facts, **days), owed("-25.00", **facts, **days)]
    charged = charging.post(f"lease:{lease.pk}:2025-07-01", hub=hub, party=lease.party, lines=lines)
    values = {**vars(owed("-100.00", **facts, **days)), "credits": charged[0]}
    Charge.objects.create(hub=hub, party=lease.party, source="credit:99", **values)

    share = propose(hub, bookkeeper).shares.first()

    assert (share.calculation["charged"], share.calculation["old_books"]) == ("275.00", "2400.00")
    assert share.advance == Decimal("2675.00")
    assert [words[:11] for words in reckon(hub, YEAR, now=NOW).remarks] == [
        "Lease HC-1:",
        "Lease HC-2:",
        "Lease HC-3:",
    ]


def test_who_did_not_agree_to_a_type_does_not_pay_for_it(hub, bookkeeper):
    first, *_others = settled.leases(hub)
    lift = settled.service(hub, "Lift")
    first.advances.create(type=lift, per_month=0, starts_on=first.starts_on)
    settled.bill(hub)
    settled.bill(hub, "1500.00", kind=lift)

    shares = propose(hub, bookkeeper).shares.filter(type=lift)

    assert [(row.party.name if row.party else "", row.cost) for row in shares] == [
        ("Huurder 1", Decimal("145.00")), ("", Decimal("1355.00")),
    ]  # fmt: skip


def test_part_of_a_year_is_by_days_and_says_so(hub, bookkeeper):
    settled.leases(hub, starts="2025-07-01")
    settled.bill(hub, "547500.00")

    share = propose(hub, bookkeeper).shares.first()

    assert share.cost == Decimal("547500.00") * 145 * 184 / (1500 * 365)
    assert share.advance == Decimal("2400.00")
    assert "1.500,00\xa0m² × 365 days" in tell(share.calculation["why"])


def test_a_bill_over_two_years_counts_by_its_days_and_both_parts_are_the_bill(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub, "1000.01", starts_on=date(2024, 12, 1), ends_on=date(2025, 3, 31))

    parts = [
        sum(each.part for each in kind.bills)
        for year in (2024, 2025)
        for kind in reckon(hub, year, now=NOW).types
    ]

    assert sum(parts) == Decimal("1000.01")
    assert parts[0] == Decimal("256.20")


def test_a_type_by_meter_waits_for_its_readings(hub, bookkeeper):
    first, *_others = settled.leases(hub)
    power = settled.service(hub, "Stroom", key="meter", vat="own", vat_rate=Decimal(21))
    first.advances.create(type=power, per_month=Decimal("10.00"), starts_on=first.starts_on)
    settled.bill(hub)
    settled.bill(hub, "300.00", kind=power)
    assert reckon(hub, YEAR, now=NOW).problems == [
        "“Stroom” is divided by meter, and there are no readings for 2025. Enter them first."
    ]
    for room, used in ((first.lines.get().space, "100"), (hub.spaces.get(code="LEEG"), "200")):
        MeterReading.objects.create(
            type=power, space=room, quantity=Decimal(used), starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31),
            entered_by=bookkeeper, entered_at=NOW,
        )  # fmt: skip
    settlement = propose(hub, bookkeeper)

    approve(settlement, bookkeeper)

    line = next(row for row in charges() if row.topic == f"service:{power.pk}")
    assert (line.net, line.vat_treatment, line.vat_rate) == (Decimal("-20.00"), "service_own", Decimal(21))


def test_a_year_that_is_not_over_can_be_looked_at_and_not_approved(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    settlement = propose(hub, bookkeeper, 2026)

    with pytest.raises(NotReady):
        approve(settlement, bookkeeper)
    assert charges() == []


def test_opted_rent_makes_the_settlement_taxed(hub, bookkeeper):
    settled.leases(
        hub, vat_treatment="opted_rent", option_choice="ja", option_description="x", option_book_year="1 januari",
        option_declared_on=date(2018, 1, 1),
    )  # fmt: skip
    settled.bill(hub)

    approve(propose(hub, bookkeeper), bookkeeper)

    assert {row.vat_rate for row in charges()} == {Decimal(21)}


def test_who_shares_a_lease_shares_its_costs_to_the_cent(hub, bookkeeper):
    first, *_others = settled.leases(hub)
    other = cast.party(hub, "Medehuurder")
    for party in (first.party, other):
        first.shares.create(party=party, numerator=1, denominator=2)
    settled.bill(hub)

    rows = list(propose(hub, bookkeeper).shares.filter(lease=first))

    assert [row.cost for row in rows] == [Decimal("2959.67"), Decimal("2959.67")]
    assert [row.advance for row in rows] == [Decimal("2400.00"), Decimal("2400.00")]


def test_the_statement_goes_along_and_leads_from_the_bill_to_the_amount(hub, bookkeeper):
    settled.leases(hub)
    settled.bill(hub)
    approve(propose(hub, bookkeeper), bookkeeper)

    letter = Letter.objects.filter(kind="settlement").order_by("pk").first()
    paper = pypdf.PdfReader(io.BytesIO(bytes(letter.attachments.get().content)))
    words = " ".join(page.extract_text() for page in paper.pages).replace("\xa0", " ")
    for part in ("Energie Oost", "€ 61.234,56", "€ 5.919,34", "€ 4.800,00", "€ 1.119,34", "145,00 m²"):
        assert part in words, part
    assert "voorstel" not in words
    assert letter.subject == "Afrekening van de servicekosten van 2025 (HC-1)"


@pytest.mark.parametrize("types", [1, 3])
def test_dividing_takes_the_same_number_of_queries_however_many_types(hub, types, django_assert_num_queries):
    leases = settled.leases(hub)
    for number in range(types):
        kind = settled.service(hub, f"Soort {number}")
        for lease in leases:
            lease.advances.create(type=kind, per_month=1, starts_on=lease.starts_on)
        settled.bill(hub, "100.00", kind=kind)

    with django_assert_num_queries(13):
        reckon(hub, YEAR, now=NOW)
