"""A month from proposal to issued invoices."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing import invoicing
from tenants.billing.models import RUN_NEXT, Invoice, InvoiceRun, NumberRange, RunState
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def proposed(hub, *, now=DECEMBER_1):
    return invoicing.propose(hub, month=NOVEMBER, now=now)


def approved(hub, *, now=DECEMBER_1):
    run = proposed(hub, now=now)
    bookkeeper = cast.staff(hub, "bookkeeper", name=f"boekhouder {run.pk}")
    invoicing.approve(run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=now)
    return run


def drafts(run) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return list(run.invoices.order_by("party__name").values_list("party__name", "net", "vat", "gross"))


def test_a_proposal_has_one_draft_a_party_with_a_line_for_each_charge() -> None:
    hub = books.hub()
    accare, de_vries = books.party(hub, "Accare"), books.party(hub, "De Vries")
    books.charge(de_vries, *[owed("27.50")] * 4, source="booking:a")
    books.charge(de_vries, *[owed("42.50", vat=21)] * 2, owed("1.75", vat=9, quantity=11), source="booking:b")
    books.charge(accare, owed("100.00", vat=21))

    run = proposed(hub)

    assert drafts(run) == [
        ("Accare", D("100.00"), D("21.00"), D("121.00")),
        ("De Vries", D("214.25"), D("19.58"), D("233.83")),
    ]
    invoice = run.invoices.get(party=de_vries)
    assert [line.net for line in invoice.lines.all()] == [D("27.50")] * 4 + [D("42.50")] * 2 + [D("19.25")]
    assert list(invoice.vat_lines.values_list("category", "rate", "net", "vat")) == [
        ("E", 0, D("110.00"), 0),
        ("S", 21, D("85.00"), D("17.85")),
        ("S", 9, D("19.25"), D("1.73")),
    ]


def test_proposing_again_changes_nothing_when_nothing_changed() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = proposed(hub)
    before = (
        run.pk,
        invoicing.fingerprint(invoicing.drafts_of(run)),
        list(Invoice.objects.values_list("pk", flat=True)),
    )

    again = proposed(hub)

    assert (
        again.pk,
        invoicing.fingerprint(invoicing.drafts_of(again)),
        list(Invoice.objects.values_list("pk", flat=True)),
    ) == before


def test_a_proposal_has_what_ended_by_the_end_of_the_month_also_from_earlier_months() -> None:
    party = books.party(books.hub())
    for day in [date(2026, 9, 30), date(2026, 11, 30), date(2026, 12, 1)]:
        books.charge(party, owed("10.00", starts_on=day, ends_on=day))

    assert [line.ends_on for line in proposed(party.hub).invoices.get().lines.all()] == [
        date(2026, 9, 30),
        date(2026, 11, 30),
    ]


def test_while_the_month_goes_on_only_what_has_been_is_proposed() -> None:
    party = books.party(books.hub())
    for day in [20, 21, 22]:
        books.charge(party, owed("10.00", starts_on=date(2026, 11, day), ends_on=date(2026, 11, day)))

    assert [line.ends_on.day for line in proposed(party.hub, now=cast.NOW).invoices.get().lines.all()] == [20]


def test_nothing_but_what_was_shown_can_be_approved() -> None:
    party = books.party(books.hub())
    books.charge(party, owed("10.00"))
    run = proposed(party.hub)
    shown = invoicing.fingerprint(invoicing.drafts_of(run))
    books.charge(party, owed("5.00"))
    bookkeeper = cast.staff(party.hub, "bookkeeper")

    with pytest.raises(invoicing.ProposalChanged):
        invoicing.approve(run, by=bookkeeper, seen=shown, now=DECEMBER_1)

    run.refresh_from_db()
    assert run.state == RunState.PROPOSED
    run = proposed(party.hub)
    invoicing.approve(
        run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
    )
    assert drafts(run) == [(party.name, D("15.00"), D("0.00"), D("15.00"))]


def test_another_address_is_another_proposal_too() -> None:
    party = books.party(books.hub())
    books.charge(party)
    run = proposed(party.hub)
    shown = invoicing.fingerprint(invoicing.drafts_of(run))
    party.street = "Voorbeeldlaan 9"
    party.save()

    with pytest.raises(invoicing.ProposalChanged):
        invoicing.approve(run, by=cast.staff(party.hub, "bookkeeper"), seen=shown, now=DECEMBER_1)


def test_a_run_is_approved_once() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = approved(hub)

    with pytest.raises(invoicing.AlreadyApproved):
        invoicing.approve(
            run, by=cast.staff(hub), seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
        )


def test_nothing_is_approved_when_there_is_nothing_to_invoice() -> None:
    run = proposed(books.hub())

    with pytest.raises(invoicing.NothingToInvoice):
        invoicing.approve(
            run, by=cast.staff(run.hub), seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
        )


@pytest.mark.parametrize("field", ["vat_id", "iban", "kvk", "street", "city", "legal_name"])
def test_a_hub_that_lacks_what_the_law_asks_sends_no_invoice(field: str) -> None:
    hub = books.hub(**{field: ""})
    books.charge(books.party(hub))
    run = proposed(hub)

    with pytest.raises(invoicing.HubIncomplete):
        invoicing.approve(
            run, by=cast.staff(hub), seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
        )


def test_a_party_without_an_address_waits_and_is_invoiced_later_for_the_same_month() -> None:
    hub = books.hub()
    complete, incomplete = books.party(hub, "Accare"), cast.party(hub, "Nieuw")
    books.charge(complete)
    books.charge(incomplete)
    run = approved(hub)
    assert [draft[0] for draft in drafts(run)] == ["Accare"]
    invoicing.issue_approved(now=DECEMBER_1)
    for name, value in books.ADDRESS.items():
        setattr(incomplete, name, value)
    incomplete.save()

    later = approved(hub)
    invoicing.issue_approved(now=DECEMBER_1)

    assert later.pk != run.pk
    assert list(Invoice.objects.order_by("number").values_list("number", "party__name")) == [
        ("2026-0001", "Accare"),
        ("2026-0002", "Nieuw"),
    ]


def test_issuing_numbers_dates_and_freezes() -> None:
    hub = books.hub(payment_days=14)
    NumberRange.objects.create(hub=hub, year=2026, next_number=203)
    party = books.party(hub, "De Vries", language="en", vat_id="NL000099911B64")
    books.charge(party, owed("85.00", vat=21))
    run = approved(hub)

    assert invoicing.issue_approved(now=DECEMBER_1) == 1

    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.issued_on, invoice.due_on) == (
        "2026-0203",
        date(2026, 12, 1),
        date(2026, 12, 15),
    )
    assert invoice.payment_reference[1:] == "000000020260203"
    assert (invoice.net, invoice.vat, invoice.gross, invoice.language) == (
        D("85.00"),
        D("17.85"),
        D("102.85"),
        "en",
    )
    assert (invoice.seller["name"], invoice.seller["iban"]) == ("Stichting Plein LOC+", "NL91ABNA0417164300")
    assert (invoice.buyer["name"], invoice.buyer["vat_id"]) == ("De Vries", "NL000099911B64")
    run.refresh_from_db()
    assert (run.state, run.issued_at) == (RunState.ISSUED, DECEMBER_1)


def test_the_number_is_of_the_year_in_the_zone_of_the_hub() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    approved(hub)

    invoicing.issue_approved(now=cast.at("2027-01-01 00:30"))

    assert Invoice.objects.get().number == "2027-0001"


def test_issuing_again_does_nothing() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    approved(hub)
    invoicing.issue_approved(now=DECEMBER_1)

    assert invoicing.issue_approved(now=DECEMBER_1) == 0
    assert Invoice.objects.count() == 1


def test_a_proposal_never_touches_what_is_approved_or_issued() -> None:
    hub = books.hub()
    party = books.party(hub)
    books.charge(party, owed("10.00"))
    run = approved(hub)
    books.charge(party, owed("5.00"))

    same = proposed(hub)
    assert (same.pk, drafts(run)[0][3]) == (run.pk, D("10.00"))
    invoicing.issue_approved(now=DECEMBER_1)
    other = proposed(hub)

    assert other.pk != run.pk
    assert [draft[3] for draft in drafts(other)] == [D("5.00")]


def test_what_stands_on_an_open_proposal_is_not_taken_by_another_month() -> None:
    party = books.party(books.hub())
    books.charge(party)
    november = proposed(party.hub)

    december = invoicing.propose(party.hub, month=date(2026, 12, 1), now=cast.at("2027-01-02 09:00"))

    assert (november.invoices.count(), december.invoices.count()) == (1, 0)


def test_an_invoice_that_does_not_add_up_is_not_issued_and_the_run_says_so() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = approved(hub)
    Invoice.objects.update(net=D("1.00"), gross=D("1.00"))

    assert invoicing.issue_approved(now=DECEMBER_1) == 0

    run.refresh_from_db()
    assert run.state == RunState.APPROVED
    assert run.error
    assert not NumberRange.objects.exclude(next_number=1).exists()


def test_proposing_and_fingerprints_take_the_same_queries_for_one_party_and_for_five(
    django_assert_num_queries,
) -> None:
    few, many = books.hub("few"), books.hub("many")
    books.charge(books.party(few))
    for number in range(5):
        books.charge(books.party(many, f"Partij {number}"))
    for hub in (few, many):
        with django_assert_num_queries(14):
            run = proposed(hub)
        with django_assert_num_queries(3):
            invoicing.fingerprint(invoicing.drafts_of(run))


def test_the_states_of_a_run_are_in_the_table() -> None:
    assert set(RUN_NEXT) == set(RunState)
    assert InvoiceRun._meta.get_field("state").default == RunState.PROPOSED
