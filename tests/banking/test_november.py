"""The statement of November 2026 on the open items of the old books, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from spaces.models import Hub
from tenants.billing.books import journal
from tenants.billing.models import Allocation, BankEntry, BankStatement, JournalEntry, NumberRange, Payment
from tenants.leases.hub_import import importing as hub_importing
from tenants.leases.models import Lease
from tenants.leases.open_items import taking_over
from tests.banking.statements import DEMO, OPEN_ITEMS, hub_with_open_items, read_in
from tests.billing.money import still_open
from tests.cast import NOW
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = {
    "2026-0149": "96.80", "2026-0172": "3324.75", "2026-0193": "200.00", "2026-0202": "2692.50",
}  # fmt: skip


@pytest.fixture
def hub() -> Hub:
    return hub_with_open_items()


def test_the_open_items_are_taken_over_and_the_numbers_go_on(hub):
    assert sum(Decimal(amount) for amount in still_open(hub).values()) == Decimal("30584.32")
    assert len(still_open(hub)) == 14
    assert NumberRange.objects.get(hub=hub, year=2026).next_number == 203
    charged_from = dict(
        Lease.objects.filter(ends_on__gt=date(2026, 12, 1)).values_list("party__name", "charged_from")
    )
    later = {name for name, day in charged_from.items() if day >= date(2027, 1, 1)}
    assert {"GGD IJsselland", "Accare", "USG Restart", "B-Authentiek"} <= later


def test_after_the_statement_exactly_6314_05_is_open(hub):
    read_in(hub)

    assert still_open(hub) == AFTER
    assert sum(Decimal(amount) for amount in still_open(hub).values()) == Decimal("6314.05")


def test_a_statement_read_before_the_open_items_pays_them_when_it_is_read_again():
    hub = hub_importing.store(workbooks.real(), now=NOW).hub
    read_in(hub)
    taking_over.store(OPEN_ITEMS, hub=hub, now=NOW)

    read_in(hub)
    read_in(hub)

    assert still_open(hub) == AFTER


def test_what_paid_what_and_by_which_rule(hub):
    read_in(hub)

    rows = Allocation.objects.filter(undoes=None).order_by("receivable__number")
    assert [(row.receivable.number, str(row.amount), row.rule) for row in rows] == [
        ("2026-0171", "10784.41", "reference"),
        ("2026-0172", "3000.00", "number"),
        ("2026-0183", "3494.41", "number"),
        ("2026-0184", "2692.50", "reference"),
        ("2026-0190", "170.00", "number"),
        ("2026-0191", "105.00", "end_to_end"),
        ("2026-0192", "175.00", "reference"),
        ("2026-0193", "200.00", "end_to_end"),
        ("2026-0194", "145.20", "number"),
        ("2026-0195", "106.48", "end_to_end"),
        ("2026-0196", "102.85", "number"),
        ("2026-0201", "3494.42", "number"),
    ]
    assert {row.booked_on.isoformat() for row in BankEntry.objects.unexplained()} == {
        "2026-11-10", "2026-11-13", "2026-11-18",
    }  # fmt: skip


def test_the_batch_is_three_payments_and_the_reversal_reopens_its_invoice(hub):
    read_in(hub)

    batch = Payment.objects.filter(entry__batch="INC-2026-11-17").order_by("pk")
    assert [(row.party.name, str(row.amount), row.method) for row in batch] == [
        ("Psycholoog aan het Plein", "105.00", "debit"),
        ("Lactatiekundige aan het Plein", "200.00", "debit"),
        ("Ergotherapie aan het Plein", "106.48", "debit"),
    ]
    mirror = Payment.objects.get(reverses__isnull=False)
    assert (str(mirror.amount), mirror.reason) == ("-200.00", "AM04 Saldo ontoereikend")
    assert still_open(hub)["2026-0193"] == "200.00"


def test_the_same_statement_twice_adds_nothing(hub):
    read_in(hub)
    models = (BankStatement, BankEntry, Payment, Allocation, JournalEntry)
    before = [model.objects.count() for model in models]

    again = read_in(hub)

    assert (again.new, [model.objects.count() for model in models]) == (set(), before)
    assert still_open(hub) == AFTER


def test_the_command_says_one_line_an_entry(hub, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    call_command("import_bank", str(DEMO / "camt053-2026-11.xml"), "--dry-run")
    dry = capsys.readouterr().out.splitlines()
    assert len(still_open(hub)) == 14

    call_command("import_bank", str(DEMO / "camt053-2026-11.xml"))
    lines = capsys.readouterr().out.splitlines()

    assert lines == dry
    assert len(lines) == 15
    assert lines[0] == (
        "02-11-2026     € 2.692,50  USG Restart BV                    2026-0184 €\xa02.692,50 (betalingskenmerk)"
    )
    assert lines[5].endswith("nog niet verklaard; voorstel: Boek op: bankkosten")
    assert "2026-0193 €\xa0200,00 (nummer van de incasso), teruggedraaid" in lines[11]
    assert "2026-0183" in lines[9]
    assert "2026-0201" in lines[9]


def test_in_the_books_the_bank_and_the_debtors_say_the_same(hub):
    read_in(hub)

    balance = {}
    for line in hub.journal_entries.values_list("lines__account__role", "lines__debit", "lines__credit"):
        balance[line[0]] = balance.get(line[0], Decimal(0)) + line[1] - line[2]
    assert balance == {
        "debtors": Decimal("6314.05"), "opening": Decimal("-30584.32"), "bank": Decimal("24270.27"),
    }  # fmt: skip


def test_the_journal_names_the_invoice_that_was_paid_not_what_the_payer_wrote(hub):
    read_in(hub)

    found = journal.entries(hub, first=date(2026, 11, 1), last=date(2026, 11, 20))

    told = {(entry.description.split(" · ")[1], str(line.debit - line.credit)): line.number
            for entry in found for line in entry.lines.all() if line.party_id}  # fmt: skip
    assert told == {
        ("USG Restart", "-2692.50"): "2026-0184",
        ("GGD IJsselland", "-10784.41"): "2026-0171",
        ("Fysiotherapie N. de Boer", "-170.00"): "2026-0190",
        ("B-Authentiek", "-3000.00"): "2026-0172",
        ("Logopedie aan het Plein", "-175.00"): "2026-0192",
        ("GGD IJsselland", "-102.85"): "2026-0196",
        ("Coach aan het Plein", "-145.20"): "2026-0194",
        ("Accare", "-6988.83"): "",  # it paid two
        ("Psycholoog aan het Plein", "-105.00"): "2026-0191",
        ("Lactatiekundige aan het Plein", "-200.00"): "2026-0193",
        ("Lactatiekundige aan het Plein", "200.00"): "2026-0193",
        ("Ergotherapie aan het Plein", "-106.48"): "2026-0195",
    }
    assert b"69202600184;2692" not in journal.journal_csv(found)
