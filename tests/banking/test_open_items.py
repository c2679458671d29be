"""The list of the old books: all that is wrong at once, nothing stored with an error, twice is nothing new."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tenants.billing import invoicing
from tenants.billing.models import Charge, JournalEntry, NumberRange, Receivable
from tenants.leases import charging_rent
from tenants.leases.open_items import rents, taking_over
from tenants.leases.open_items.taking_over import HasErrors, OpenItemsRefused
from tests import cast
from tests.billing import books
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = (
    "Factuurnummer;Partij;Factuurdatum;Vervaldatum;Bedrag excl. btw;Btw;Bedrag incl. btw;Openstaand;"
    "Betalingskenmerk;Omschrijving;Betaalwijze"
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def hub():
    found = books.hub()
    books.party(found, "Accare")
    return found


def row(**of: str) -> str:
    cells = {
        "number": "2026-0100", "party": "Accare", "on": "1-9-2026", "due": "15-9-2026", "net": "80,00", "vat": "16,80",
        "gross": "96,80", "open": "96,80", "reference": "19202600149", "words": "vergaderruimte", "how": "overboeking",
    }  # fmt: skip
    return ";".join((cells | of).values())


def content(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def errors(hub, *rows: str) -> list[tuple[str, str]]:
    plan = taking_over.look(content(*rows), hub=hub)
    return [(each.place.in_words, each.text) for each in plan.findings.errors]


def stored(hub, data: bytes):
    return taking_over.store(data, hub=hub, now=NOW)


def test_all_errors_at_once_with_row_and_column(hub):
    found = errors(
        hub,
        row(party="Onbekend BV"),
        row(number="2026-0101", gross="96,90"),
        row(number="2026-0102", on="31-2-2026"),
        row(number="2026-0103", due="1-8-2026"),
        row(number="2026-0104", open="100,00"),
        row(number="2026-0105", reference="12ab"),
        row(number="2026-0105"),
        row(number="2026-0106", net="80,001"),
        row(number="2026-0107", reference="9202600195"),
        row(number="2026-0108", open="-5,00"),
        row(number="2026-0109", party="Acare"),
        row(number=""),
    )

    assert [place for place, _text in found] == [
        "B2 (Partij)", "G3 (Bedrag incl. btw)", "C4 (Factuurdatum)", "D5 (Vervaldatum)", "H6 (Openstaand)",
        "I7 (Betalingskenmerk)", "A8 (Factuurnummer)", "E9 (Bedrag excl. btw)", "I10 (Betalingskenmerk)",
        "H11 (Openstaand)", "B12 (Partij)", "A13 (Factuurnummer)",
    ]  # fmt: skip
    assert "€\xa096.80" in found[1][1] or "96,80" in found[1][1]
    assert "Accare" in found[10][1]
    with pytest.raises(HasErrors):
        stored(hub, content(row(), row(number="2026-0101", gross="1,00")))
    assert (Receivable.objects.count(), NumberRange.objects.count(), JournalEntry.objects.count()) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    "data",
    [
        content(row()),
        b"\xef\xbb\xbf" + content(row()),
        content(row()).replace(b";", b"\t"),
        content(row(net='"80,00"', vat='"16,80"', gross='"96,80"', open='"96,80"')).replace(b";", b","),
        content(row(words="één uur")).decode().encode("cp1252"),
        content(row()).replace(b"\n", b"\r\n") + b"\r\n;;;;;;;;;;\r\n",
        content(row(net="80.00", vat="€ 16,80", gross="96,80", open=" 96,80 ")),
    ],
)
def test_the_file_may_be_made_by_any_program(data, hub):
    stored(hub, data)

    item = Receivable.objects.get()
    assert (item.amount, item.vat, item.payment_reference) == (
        Decimal("96.80"),
        Decimal("16.80"),
        "19202600149",
    )
    assert (item.issued_on, item.due_on) == (date(2026, 9, 1), date(2026, 9, 15))


def test_what_was_paid_in_part_is_taken_over_for_the_rest(hub):
    plan = stored(hub, content(row(open="40,00"), row(number="2026-0101", open="0,00")))

    item = Receivable.objects.get()
    assert (item.net, item.vat, item.amount) == (Decimal("33.06"), Decimal("6.94"), Decimal("40.00"))
    assert [each.place.in_words for each in plan.findings.remarks] == ["H2 (Openstaand)", "H3 (Openstaand)"]


def test_a_credit_note_of_the_old_books_is_below_zero(hub):
    stored(hub, content(row(net="-80,00", vat="-16,80", gross="-96,80", open="-96,80")))

    assert Receivable.objects.get().amount == Decimal("-96.80")


def test_twice_adds_nothing_and_something_else_under_the_number_is_an_error(hub):
    stored(hub, content(row()))
    again = stored(hub, content(row()))

    assert (len(again.new), len(again.known), Receivable.objects.count()) == (0, 1, 1)
    assert JournalEntry.objects.count() == 1
    assert [place for place, _text in errors(hub, row(due="16-9-2026"))] == ["A2 (Factuurnummer)"]


def test_numbers_go_on_after_the_old_ones_and_never_run_into_ours(hub):
    stored(hub, content(row(number="2026-0202"), row(number="2025-0900"), row(number="F-12")))
    assert dict(NumberRange.objects.values_list("year", "next_number")) == {2025: 901, 2026: 203}

    party = books.party(hub, "Diëtiste")
    books.charge(party)
    books.approve_month(hub)
    invoicing.issue_approved(now=books.DECEMBER_1)
    assert Receivable.objects.filter(number="2026-0203", kind="invoice").exists()
    assert errors(hub, row(number="2026-0201")) == []
    assert [place for place, _text in errors(hub, row(number="2026-0300"))] == ["A2 (Factuurnummer)"]


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("huur en service december 2026", date(2026, 12, 31)),
        ("Huur dec. 2026", date(2026, 12, 31)),
        ("huur en service 4e kwartaal 2026", date(2026, 12, 31)),
        ("huur Q1 2027", date(2027, 3, 31)),
        ("huur november 2026 en december 2026", date(2026, 12, 31)),
        ("vergaderruimte december 2026", None),
        ("verhuur december 2026", None),
        ("huur achterstallig", None),
    ],
)
def test_the_rent_it_asks_is_understood(words, last):
    asked = rents.asked_by(words)

    assert (asked.ends_on if asked else None) == last


def test_a_lease_is_charged_here_from_later_on_and_never_earlier(hub):
    party = hub.parties.get(name="Accare")
    lease = cast.lease(party, charged_from=date(2026, 12, 1))

    plan = stored(hub, content(row(words="huur en service december 2026")))
    lease.refresh_from_db()
    assert lease.charged_from == date(2027, 1, 1)
    assert ["HC-1" in each.text for each in plan.findings.remarks] == [True]

    stored(hub, content(row(number="2026-0101", words="huur november 2026")))
    lease.refresh_from_db()
    assert lease.charged_from == date(2027, 1, 1)


def test_rent_that_plein_invoiced_too_is_told_and_stays(hub):
    lease = cast.lease(hub.parties.get(name="Accare"), charged_from=date(2026, 12, 1), yearly=Decimal(1200))
    charging_rent.post_month(hub, month=date(2026, 12, 1), now=NOW)
    books.approve_month(hub, month=date(2026, 12, 1), now=NOW)
    invoicing.issue_approved(now=NOW)

    plan = stored(hub, content(row(number="2025-0900", words="huur december 2026")))
    lease.refresh_from_db()
    assert lease.charged_from == date(2026, 12, 1)
    assert ["credit note" in each.text for each in plan.findings.remarks] == [True]


def test_the_same_list_again_says_nothing_about_a_lease_that_was_agreed_here_since(hub):
    """A director agrees a lease from 23 November; the list that is read once more must not lose its first weeks."""
    party, words = hub.parties.get(name="Accare"), "huur en service december 2026"
    stored(hub, content(row(words=words)))
    lease = cast.lease(
        party, starts="2026-11-23", charged_from=date(2026, 11, 23), made_by=cast.staff(hub), number="HC-9"
    )

    plan = stored(hub, content(row(words=words)))

    lease.refresh_from_db()
    assert (lease.charged_from, plan.moves) == (date(2026, 11, 23), [])


def test_rent_that_is_on_no_invoice_yet_is_not_asked_again(hub):
    lease = cast.lease(hub.parties.get(name="Accare"), charged_from=date(2026, 12, 1), yearly=Decimal(1200))
    charging_rent.post_month(hub, month=date(2026, 12, 1), now=NOW)
    assert Charge.objects.uninvoiced().count() == 1

    stored(hub, content(row(words="huur december 2026")))

    assert Charge.objects.uninvoiced().count() == 0
    lease.refresh_from_db()
    assert lease.charged_from == date(2027, 1, 1)


def test_the_command_tells_and_stores_nothing_when_it_is_dry(hub, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    file = tmp_path / "oud.csv"
    file.write_bytes(content(row()))
    call_command("import_open_items", str(file), "--dry-run")
    assert "2026-0100" in capsys.readouterr().out
    assert Receivable.objects.count() == 0

    file.write_bytes(content(row(gross="1,00")))
    with pytest.raises(CommandError, match="Er is niets opgeslagen"):
        call_command("import_open_items", str(file))
    assert "G2 (Bedrag incl. btw)" in capsys.readouterr().out
    for nonsense in (b"", b"\x00", b"PK\x03\x04", b"a" * 2_000_000):
        with pytest.raises(OpenItemsRefused):
            taking_over.look(nonsense, hub=hub)
