"""What a month's proposal takes, how it differs from the month before, and what it warns about."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing import charging, checking, invoicing, proposals
from tenants.billing.models import Invoice, LineKind
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
DECEMBER = date(2026, 12, 1)
RENT = {"kind": LineKind.RENT, "cost_centre": "101", "unit": "month", "in_advance": True}


def rent(net: str, month: int, *, months: int = 1, **more) -> charging.Owed:
    """Rent of a month (or more) of 2026, asked in advance."""
    last = date(2026 + (month + months) // 13, (month + months - 1) % 12 + 1, 1)
    days = {"starts_on": date(2026, month, 1), "ends_on": date.fromordinal(last.toordinal() - 1)}
    return owed(net, **RENT | days | more)


def propose(hub, *, month: date = NOVEMBER, now=DECEMBER_1) -> proposals.Proposal:
    return proposals.look(invoicing.propose(hub, month=month, now=now), now=now)


def remarks(party, *lines: charging.Owed) -> list[str]:
    books.charge(party, *lines)
    (draft,) = propose(party.hub).drafts
    return [remark.text for remark in draft.remarks]


def test_rent_stands_in_the_run_of_its_first_month_while_that_has_yet_to_begin() -> None:
    """The run of December, made on 21 November: rent of December, and bookings until yesterday."""
    party = books.party(books.hub())
    books.charge(party, rent("1631.25", 12), source="lease:1:2026-12-01")
    books.charge(party, rent("100.00", 12, months=2), source="lease:2:2026-12-01")
    used = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 20)}
    books.charge(party, owed("37.50", **used), source="booking:1")
    books.charge(
        party, owed("37.50", starts_on=date(2026, 11, 21), ends_on=date(2026, 11, 21)), source="booking:2"
    )

    november, december = (propose(party.hub, month=month, now=cast.NOW) for month in (NOVEMBER, DECEMBER))
    assert [each.invoice.net for each in november.drafts] == [D("37.50")]
    assert [each.invoice.net for each in december.drafts] == [D("1731.25")]


def test_a_quarter_of_rent_that_changes_is_given_back_in_the_next_run() -> None:
    party = books.party(books.hub())
    charging.correct("lease:1:2026-10-01", hub=party.hub, party=party, lines=[rent("300.00", 10, months=3)])
    books.approve_month(party.hub, month=date(2026, 10, 1), now=cast.NOW)
    invoicing.issue_approved(now=cast.NOW)

    charging.correct("lease:1:2026-10-01", hub=party.hub, party=party, lines=[rent("270.00", 10, months=3)])

    (draft,) = propose(party.hub, now=cast.NOW).drafts
    assert [line.net for line in draft.invoice.lines.all()] == [D("-300.00"), D("270.00")]


@pytest.mark.parametrize(
    ("days", "issued", "due"),
    [(14, "2026-11-10 09:00", date(2026, 12, 1)), (30, "2026-11-10 09:00", date(2026, 12, 10))],
)
def test_rent_in_advance_is_not_due_before_it_begins(days: int, issued: str, due: date) -> None:
    party = books.party(books.hub(payment_days=days))
    books.charge(party, rent("1631.25", 12))
    now = cast.at(issued)
    books.approve_month(party.hub, month=DECEMBER, now=now)

    invoicing.issue_approved(now=now)

    assert Invoice.objects.get().due_on == due


def test_each_kind_stands_beside_the_month_before_and_each_party_says_why() -> None:
    hub = books.hub()
    stays, left = books.party(hub, "Blijver"), books.party(hub, "Vertrokken")
    october = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 5)}
    books.charge(stays, rent("1600.00", 10), owed("37.50", **october))
    books.charge(left, owed("20.00", **october))
    books.approve_month(hub, month=date(2026, 10, 1), now=cast.at("2026-11-01 09:00"))
    invoicing.issue_approved(now=cast.at("2026-11-01 09:00"))
    extra = owed("10.00", vat=9, kind=LineKind.EXTRA)
    books.charge(stays, rent("1640.00", 11), owed("37.50"), owed("37.50", **october), extra)

    proposal = propose(hub)

    assert [(kind.label, kind.now, kind.before, kind.difference) for kind in proposal.kinds] == [
        ("Huur", D("1640.00"), D("1600.00"), D("40.00")),
        ("Boekingen", D("75.00"), D("57.50"), D("17.50")),
        ("Extra's", D("10.00"), D("0.00"), D("10.00")),
    ]
    (draft,) = proposal.drafts
    assert [(change.label, change.before, change.now, change.reasons) for change in draft.changes] == [
        ("Huur", D("1600.00"), D("1640.00"), ["prijs €\xa01.640,00 in plaats van €\xa01.600,00"]),
        ("Boekingen", D("37.50"), D("75.00"),
         ["2 regels in plaats van 1", "waarvan €\xa037,50 over eerdere maanden"]),
        ("Extra's", D("0.00"), D("10.00"), ["vorige maand niets"]),
    ]  # fmt: skip
    assert [(each.party.name, each.gross) for each in proposal.gone] == [("Vertrokken", D("20.00"))]


def test_what_is_given_back_is_told_as_the_reason() -> None:
    party = books.party(books.hub())
    books.charge(party, owed("100.00"), owed("-30.00"))

    (draft,) = propose(party.hub).drafts

    assert draft.changes[0].reasons == ["vorige maand niets", "waarvan −\u2060€\xa030,00 terug"]


def test_a_public_body_without_a_purchase_reference_is_a_remark_and_no_obstacle() -> None:
    hub = books.hub()
    ggd = books.party(hub, "GGD IJsselland", kvk="00018101", oin="00000001991000201000", kind="organisation")
    assert [words for words in remarks(ggd, owed()) if "inkoopkenmerk" in words]

    ggd.purchase_reference = "PO-2026-77"
    ggd.save()
    assert not [words for words in remarks(ggd, owed("1.00")) if "inkoopkenmerk" in words]


@pytest.mark.parametrize(("form", "public"), [("Gemeenschappelijke regeling", True), ("stichting", False)])
def test_a_public_body_is_known_by_its_legal_form_too(form: str, *, public: bool) -> None:
    assert checking.is_public(books.party(books.hub(), legal_form=form)) is public


def test_lines_of_nothing_and_vat_without_an_id_are_remarks() -> None:
    hub = books.hub()
    tenant = books.party(hub, "Accare", kvk="00018102", kind="organisation")

    words = remarks(tenant, owed("0.00"), owed("85.00", vat=21))

    assert [text for text in words if "Geen btw-id" in text]
    assert "1 regel van nul euro." in words
