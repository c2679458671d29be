"""Credit notes: whole, per line and in parts; the remainder is exact, and never more goes back than was asked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tenants.billing import charging, crediting, documents, invoicing, locking
from tenants.billing.charging import Owed
from tenants.billing.crediting import Part
from tenants.billing.models import Books, Charge, Invoice, JournalEntry, NumberRange, Receivable
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, owed

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
SOURCE = "booking:1"
JANUARY_2 = cast.at("2027-01-02 09:00")
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def party() -> Party:
    return books.party(books.hub())


@pytest.fixture
def bookkeeper(party: Party) -> User:
    return cast.staff(party.hub, "bookkeeper")


def invoice(
    party: Party, *lines: Owed, source: str = SOURCE, month: date = books.NOVEMBER, now=DECEMBER_1
) -> Invoice:
    if lines:
        charging.correct(source, hub=party.hub, party=party, lines=lines)
    run = books.approve_month(party.hub, month=month, now=now)
    invoicing.issue_approved(now=now)
    return run.invoices.get()


def credit(of: Invoice, *parts: tuple[int, str], by: User, reason: str = "dubbel geboekt", **more) -> Invoice:
    """Give back `parts` (place of the line, net); all that is left without any."""
    lines = list(of.lines.all())
    chosen = [Part(lines[place], D(net)) for place, net in parts] or crediting.everything(of)
    return crediting.credit(of, lines=chosen, reason=reason, by=by, now=DECEMBER_1, **more)


def amounts(*notes: Invoice) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return [(str(note.number), note.net, note.vat, note.gross) for note in notes]


def test_a_whole_invoice_is_taken_back_by_a_note_with_the_next_number_that_names_it(
    party: Party, bookkeeper: User
) -> None:
    wrong = invoice(party, owed("27.50"), owed("42.50", vat=21, quantity=2), owed("1.75", vat=9, quantity=11))

    note = credit(wrong, by=bookkeeper)

    assert amounts(wrong, note) == [
        ("2026-0001", D("131.75"), D("19.58"), D("151.33")),
        ("2026-0002", D("-131.75"), D("-19.58"), D("-151.33")),
    ]
    assert (note.corrects, note.run, note.made_by, note.buyer) == (wrong, None, bookkeeper, wrong.buyer)
    assert [(it.category, it.rate, it.net, it.vat) for it in note.vat_lines.all()] == [
        ("E", 0, D("-27.50"), D(0)),
        ("S", 21, D("-85.00"), D("-17.85")),
        ("S", 9, D("-19.25"), D("-1.73")),
    ]
    assert [(line.quantity, line.unit_price, line.reason["params"]["why"]) for line in note.lines.all()] == [
        (D(-1), D("27.50"), "dubbel geboekt"), (D(-2), D("42.50"), "dubbel geboekt"), (D(-11), D("1.75"), "dubbel geboekt"),
    ]  # fmt: skip


def test_a_note_settles_what_is_open_stands_in_the_journal_and_is_mailed(
    party: Party, bookkeeper: User
) -> None:
    wrong = invoice(party, owed("100.00", vat=21))

    note = credit(wrong, (0, "40.00"), by=bookkeeper)
    documents.send_documents(now=DECEMBER_1)

    opened = Receivable.objects.with_open().order_by("number").values_list("number", "open_amount")
    assert list(opened) == [("2026-0001", D("72.60")), ("2026-0002", D(0))]
    entry = JournalEntry.objects.get(source=f"invoice:{note.pk}")
    assert next((line.debit, line.credit) for line in entry.lines.all()) == (D(0), D("48.40"))
    assert Letter.objects.get(key=documents.letter_key(note)).subject.startswith("Creditfactuur 2026-0002")


def test_the_last_of_three_parts_takes_the_remainder_of_the_vat(party: Party, bookkeeper: User) -> None:
    """Oracle 1 taken back line by line: 3 × 9.99 carry 6.29, and 2.10 three times would be a cent too much."""
    wrong = invoice(party, *[owed("9.99", vat=21)] * 3)

    notes = [credit(wrong, (place, "9.99"), by=bookkeeper) for place in range(3)]

    assert [note.vat for note in notes] == [D("-2.10"), D("-2.10"), D("-2.09")]
    assert sum(note.gross for note in notes) == -wrong.gross == D("-36.26")


def test_many_small_parts_never_give_back_more_vat_than_was_invoiced(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("0.30", vat=21))

    notes = [credit(wrong, (0, "0.03"), by=bookkeeper) for _each in range(10)]

    assert sum(note.vat for note in notes) == -wrong.vat == D("-0.06")
    assert all(abs(note.vat - note.net * D("0.21")) <= D("0.01") for note in notes)


@pytest.mark.parametrize("net", ["100.01", "-1.00", "0.00"])
def test_more_than_a_line_and_nothing_at_all_are_refused(party: Party, bookkeeper: User, net: str) -> None:
    wrong = invoice(party, owed("100.00", vat=21), owed("50.00"))

    with pytest.raises(crediting.CreditRefused):
        credit(wrong, (0, net), by=bookkeeper)

    assert not Charge.objects.filter(credits__isnull=False).exists()
    assert NumberRange.objects.get().next_number == 2


def test_a_line_twice_in_one_note_is_refused(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00", vat=21))

    with pytest.raises(crediting.MoreThanInvoiced):
        credit(wrong, (0, "60.00"), (0, "40.00"), by=bookkeeper)


def test_after_a_part_only_the_rest_is_left(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00", vat=21))
    credit(wrong, (0, "60.00"), by=bookkeeper)

    with pytest.raises(crediting.MoreThanInvoiced, match="40,00"):
        credit(wrong, (0, "40.01"), by=bookkeeper)
    credit(wrong, by=bookkeeper)

    with pytest.raises(crediting.NothingToCredit):
        credit(wrong, by=bookkeeper)


def test_a_note_needs_a_reason_and_is_no_invoice_to_take_back(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00"))

    with pytest.raises(crediting.CreditReasonMissing):
        credit(wrong, by=bookkeeper, reason="  ")
    note = credit(wrong, by=bookkeeper)
    with pytest.raises(crediting.NotCreditable):
        crediting.credit(
            note, lines=[Part(note.lines.get(), D(-1))], reason="x", by=bookkeeper, now=DECEMBER_1
        )


def test_the_second_press_of_the_button_is_told_that_something_changed(
    party: Party, bookkeeper: User
) -> None:
    wrong = invoice(party, owed("100.00"))
    seen = crediting.fingerprint(crediting.lines_left(wrong))
    credit(wrong, (0, "10.00"), by=bookkeeper, seen=seen)

    with pytest.raises(crediting.CreditedMeanwhile):
        credit(wrong, (0, "10.00"), by=bookkeeper, seen=seen)

    assert wrong.credit_notes.count() == 1


def test_what_the_next_invoice_takes_back_already_cannot_be_credited_as_well(
    party: Party, bookkeeper: User
) -> None:
    wrong = invoice(party, owed("37.50"))
    charging.correct(SOURCE, hub=party.hub, party=party, lines=[])

    with pytest.raises(crediting.NothingToCredit):
        credit(wrong, by=bookkeeper)


def test_a_line_that_was_a_credit_itself_is_left_alone(party: Party, bookkeeper: User) -> None:
    invoice(party, owed("37.50"))
    second = invoice(party, owed("12.50"), month=DECEMBER, now=JANUARY_2)
    assert [line.net for line in second.lines.all()] == [D("-37.50"), D("12.50")]

    note = credit(second, by=bookkeeper)

    assert (note.gross, second.gross) == (D("-12.50"), D("-25.00"))


def test_what_was_given_away_is_not_charged_again_by_the_same_facts(party: Party, bookkeeper: User) -> None:
    """The tariff of a date is posted every night again: a gift must stay a gift."""
    wrong = invoice(party, owed("100.00"))
    credit(wrong, (0, "40.00"), by=bookkeeper)

    assert charging.correct(SOURCE, hub=party.hub, party=party, lines=[owed("100.00")]) == []
    credit(wrong, by=bookkeeper)
    assert charging.correct(SOURCE, hub=party.hub, party=party, lines=[owed("100.00")]) == []


def test_when_the_facts_change_all_together_comes_to_the_new_price(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00"))
    credit(wrong, (0, "40.00"), by=bookkeeper)

    waiting = charging.correct(SOURCE, hub=party.hub, party=party, lines=[owed("80.00")])

    assert [charge.net for charge in waiting] == [D("-60.00"), D("80.00")]
    charging.correct(SOURCE, hub=party.hub, party=party, lines=[])
    invoice(party, month=DECEMBER, now=JANUARY_2)
    assert sum(Charge.objects.values_list("net", flat=True)) == 0


def test_an_invoice_that_was_wrong_is_charged_again_as_it_was(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00"), owed("42.50", vat=21))
    lines = crediting.everything(wrong)

    crediting.credit_and_charge_again(
        wrong, lines=lines, reason="verkeerd inkoopnummer", by=bookkeeper, now=DECEMBER_1
    )
    again = [owed("100.00"), owed("42.50", vat=21)]
    kept = charging.correct(SOURCE, hub=party.hub, party=party, lines=again)

    assert [charge.net for charge in kept] == [D("100.00"), D("42.50")]
    right = invoice(party, month=DECEMBER, now=JANUARY_2)
    assert right.gross == wrong.gross
    assert charging.correct(SOURCE, hub=party.hub, party=party, lines=again) == []


def test_what_was_charged_anew_can_be_credited_and_charged_again_as_well(
    party: Party, bookkeeper: User
) -> None:
    invoice(party, owed("100.00"))
    second = invoice(party, owed("80.00"), month=DECEMBER, now=JANUARY_2)
    assert Charge.objects.filter(source="booking:1:2").count() == 2

    lines = crediting.everything(second)
    crediting.credit_and_charge_again(
        second, lines=lines, reason="verkeerd adres", by=bookkeeper, now=JANUARY_2
    )

    assert Charge.objects.get(source="booking:1:3").net == D("80.00")
    kept = charging.correct(SOURCE, hub=party.hub, party=party, lines=[owed("80.00")])
    assert [charge.source for charge in kept] == ["booking:1:3"]


def test_only_whole_lines_are_charged_again(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00"))

    with pytest.raises(crediting.OnlyWholeLinesAgain):
        crediting.credit_and_charge_again(
            wrong, lines=[Part(wrong.lines.get(), D(50))], reason="x", by=bookkeeper, now=DECEMBER_1
        )


def test_in_a_closed_period_nothing_is_credited(party: Party, bookkeeper: User) -> None:
    wrong = invoice(party, owed("100.00"))
    Books.objects.update_or_create(hub=party.hub, defaults={"locked_until": date(2026, 12, 31)})

    with pytest.raises(locking.BooksLocked, match="31 december 2026"):
        credit(wrong, by=bookkeeper)

    assert Invoice.objects.count() == 1


def test_the_database_itself_refuses_a_credit_of_more_than_was_charged(
    party: Party, bookkeeper: User
) -> None:
    wrong = invoice(party, owed("37.50"))
    credit(wrong, (0, "30.00"), by=bookkeeper)
    more = Charge.objects.get(credits__isnull=False)

    for net in ("-7.51", "-37.50"):
        more.pk, more.source, more.net = None, f"booking:1:{net}", D(net)
        with pytest.raises(IntegrityError), transaction.atomic():
            more.save()
