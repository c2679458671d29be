"""What has been invoiced and changes: taken back once, charged anew, and never a cent more or less than is right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tenants.billing import charging, documents, invoicing, typesetting
from tenants.billing.charging import Owed
from tenants.billing.models import Charge, Invoice, InvoiceLine
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing import books
from tests.billing.books import owed
from tests.billing.test_documents import words_of

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
SOURCE = "booking:1"
JANUARY_2 = cast.at("2027-01-02 09:00")
FEBRUARY_2 = cast.at("2027-02-02 09:00")


@pytest.fixture
def party() -> Party:
    return books.party(books.hub())


def correct(party: Party, *lines: Owed) -> list[Charge]:
    return charging.correct(SOURCE, hub=party.hub, party=party, lines=lines)


def invoice(party: Party, *, month: date = books.NOVEMBER, now=books.DECEMBER_1) -> Invoice:
    run = books.approve_month(party.hub, month=month, now=now)
    invoicing.issue_approved(now=now)
    return run.invoices.get()


def ledger() -> list[tuple[str, Decimal]]:
    return [(charge.source, charge.net) for charge in Charge.objects.order_by("pk")]


def owed_by_rate() -> dict[Decimal, Decimal]:
    """What all charges together come to, by VAT rate; nothing for nothing."""
    sums: dict[Decimal, Decimal] = {}
    for charge in Charge.objects.all():
        sums[charge.vat_rate] = sums.get(charge.vat_rate, D(0)) + charge.net
    return {rate: net for rate, net in sums.items() if net}


def test_before_it_is_invoiced_a_correction_is_the_charge_itself(party: Party) -> None:
    correct(party, owed("37.50"))
    correct(party, owed("12.50"))

    assert ledger() == [(SOURCE, D("12.50"))]


def test_what_is_invoiced_is_taken_back_and_charged_anew(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)

    waiting = correct(party, owed("12.50"))

    assert ledger() == [(SOURCE, D("37.50")), (f"{SOURCE}:2", D("-37.50")), (f"{SOURCE}:2", D("12.50"))]
    assert [charge.net for charge in waiting] == [D("-37.50"), D("12.50")]
    assert waiting[0].credits == Charge.objects.get(source=SOURCE)


def test_an_approved_invoice_counts_as_invoiced(party: Party) -> None:
    correct(party, owed("37.50"))
    books.approve_month(party.hub)

    correct(party)

    assert ledger() == [(SOURCE, D("37.50")), (f"{SOURCE}:2", D("-37.50"))]


def test_the_same_again_changes_nothing(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)

    for _twice in range(2):
        correct(party, owed("37.50"))
    assert ledger() == [(SOURCE, D("37.50"))]

    for _twice in range(2):
        correct(party, owed("12.50"))
    assert len(ledger()) == 3


def test_a_correction_that_is_not_invoiced_yet_is_corrected_itself(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)
    correct(party, owed("12.50"))

    correct(party, owed("25.00"))
    assert owed_by_rate() == {D(0): D("25.00")}
    assert len(ledger()) == 3

    correct(party, owed("37.50"))
    assert ledger() == [(SOURCE, D("37.50"))]


def test_only_the_line_that_changed_is_taken_back(party: Party) -> None:
    coffee = owed("15.00", vat=9)
    correct(party, owed("37.50"), coffee)
    invoice(party)

    waiting = correct(party, owed("25.00"), coffee)

    assert [charge.net for charge in waiting] == [D("-37.50"), D("25.00")]


def test_credit_in_parts_with_an_invoice_after_each(party: Party) -> None:
    """Edge case "credit in parts": each invoice gives a part back, until nothing is left."""
    totals = []
    correct(party, owed("100.00", vat=21))
    totals.append(invoice(party).gross)
    for net, month, now in [("60.00", date(2026, 12, 1), JANUARY_2), ("0", date(2027, 1, 1), FEBRUARY_2)]:
        correct(party, *([owed(net, vat=21)] if D(net) else []))
        totals.append(invoice(party, month=month, now=now).gross)

    assert totals == [D("121.00"), D("-48.40"), D("-72.60")]
    assert owed_by_rate() == {}


def test_never_more_is_credited_than_was_invoiced(party: Party) -> None:
    """Edge case "credit more than invoiced": the second credit of a charge is refused by the database."""
    correct(party, owed("37.50"))
    invoice(party)
    correct(party)
    credit = Charge.objects.get(credits__isnull=False)

    correct(party)
    credit.pk, credit.source = None, "booking:1:9"
    with pytest.raises(IntegrityError), transaction.atomic():
        credit.save()

    assert owed_by_rate() == {}


def test_after_everything_was_credited_it_can_be_charged_again(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)
    correct(party)
    invoice(party, month=date(2026, 12, 1), now=JANUARY_2)

    correct(party, owed("37.50"))

    assert owed_by_rate() == {D(0): D("37.50")}
    assert ledger()[-1] == (f"{SOURCE}:3", D("37.50"))


def test_a_credit_is_due_at_once_and_what_it_moved_to_when_that_is_over(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)
    correct(party, owed("37.50", starts_on=date(2027, 1, 20), ends_on=date(2027, 1, 20)))

    credit = invoice(party, month=date(2026, 12, 1), now=JANUARY_2)
    correct(party, owed("12.50", starts_on=date(2027, 1, 20), ends_on=date(2027, 1, 20)))
    later = invoice(party, month=date(2027, 1, 1), now=FEBRUARY_2)

    assert (credit.gross, later.gross) == (D("-37.50"), D("12.50"))
    assert owed_by_rate() == {D(0): D("12.50")}


def test_a_change_of_vat_comes_to_the_right_sum_for_each_rate(party: Party) -> None:
    correct(party, owed("40.00", vat=21), owed("10.00", vat=9))
    invoice(party)

    correct(party, owed("40.00"), owed("10.00", vat=9))

    assert owed_by_rate() == {D(0): D("40.00"), D(9): D("10.00")}


def test_a_correction_leaves_the_proposal_and_comes_back_as_it_is_now(party: Party) -> None:
    correct(party, owed("37.50"))
    invoice(party)
    correct(party, owed("12.50"))
    run = invoicing.propose(party.hub, month=books.NOVEMBER, now=books.DECEMBER_1)
    assert run.invoices.get().gross == D("-25.00")

    correct(party, owed("30.00"))
    assert run.invoices.count() == 0

    invoicing.propose(party.hub, month=books.NOVEMBER, now=books.DECEMBER_1)
    assert run.invoices.get().gross == D("-7.50")


def test_a_credit_stands_between_the_lines_of_the_next_invoice_and_names_what_it_corrects(
    party: Party,
) -> None:
    correct(party, owed("37.50"))
    first = invoice(party)
    correct(party, owed("12.50"))
    books.charge(party, replace(owed("65.00"), starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 3)))

    second = invoice(party, month=date(2026, 12, 1), now=JANUARY_2)

    words = words_of(typesetting.pdf(second))
    assert second.gross == D("40.00")
    assert "Factuur 2027-0001" in words
    assert f"Credit op factuur {first.number}: Spreekkamer 2, dinsdag 10 november 2026" in words


def test_a_total_below_zero_is_a_credit_note_with_a_number_of_the_same_series(party: Party) -> None:
    correct(party, owed("37.50", vat=21))
    first = invoice(party)
    correct(party)

    credit = invoice(party)
    documents.send_documents(now=books.DECEMBER_1)

    assert (first.number, credit.number) == ("2026-0001", "2026-0002")
    assert (credit.net, credit.vat, credit.gross) == (D("-37.50"), D("-7.88"), D("-45.38"))
    words = words_of(typesetting.pdf(credit))
    for fact in ["Creditfactuur 2026-0002", "Credit op factuur 2026-0001", "U krijgt € 45,38 terug"]:
        assert fact in words, fact
    assert "Maak" not in words
    letter = Letter.objects.get(key=documents.letter_key(credit))
    assert letter.subject == "Creditfactuur 2026-0002 van LOC+: u krijgt € 45,38 terug".replace(
        "€ ", "€\N{NO-BREAK SPACE}"
    )
    assert letter.attachments.get().name == "creditfactuur-2026-0002.pdf"
    assert "Betalingskenmerk" not in letter.text


def test_a_credit_waits_until_what_it_corrects_has_a_number(party: Party) -> None:
    correct(party, owed("37.50"))
    run = books.approve_month(party.hub)
    correct(party)

    other = invoicing.propose(party.hub, month=date(2026, 12, 1), now=JANUARY_2)
    assert other.invoices.count() == 0

    invoicing.issue_approved(now=books.DECEMBER_1)
    invoicing.propose(party.hub, month=date(2026, 12, 1), now=JANUARY_2)
    assert run.invoices.get().number == "2026-0001"
    assert "2026-0001" in str(InvoiceLine.objects.get(invoice__run=other).description)


def test_a_source_that_only_begins_the_same_is_left_alone(party: Party) -> None:
    correct(party, owed("37.50"))
    books.charge(party, owed("99.00"), source="booking:12")
    books.charge(party, owed("88.00"), source="booking:1:2026-11-03")
    invoice(party)

    correct(party)

    assert {net for source, net in ledger() if source == f"{SOURCE}:2"} == {D("-37.50")}


def test_correcting_takes_the_same_queries_for_one_line_and_for_three(
    party: Party, django_assert_num_queries
) -> None:
    for number in (1, 3):
        source = f"booking:lines-{number}"
        books.charge(party, *[owed("37.50")] * number, source=source)
    invoice(party)
    for number in (1, 3):
        source = f"booking:lines-{number}"
        with django_assert_num_queries(6):
            charging.correct(source, hub=party.hub, party=party, lines=[owed("12.50")] * number)


def test_the_pages_of_the_books_call_it_a_credit_note(party: Party, client) -> None:
    correct(party, owed("37.50"))
    invoice(party)
    correct(party)
    run = invoicing.propose(party.hub, month=books.NOVEMBER, now=books.DECEMBER_1)
    client.force_login(cast.staff(party.hub, "bookkeeper", name="boekhouder x"))

    proposal = client.get("/facturen/maand?maand=2026-11").content.decode()
    assert "dit wordt een creditfactuur" in proposal

    credit = invoice(party)
    page = client.get(f"/facturen/{credit.number}").content.decode()
    assert "Creditfactuur 2026-0002" in page
    assert "Betalingskenmerk" not in page
    assert run.pk == credit.run_id
