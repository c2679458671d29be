"""The pages of invoices: who sees what, and what they say."""

import csv
import io
from datetime import date

import pytest

from tenants.billing import documents, invoicing, tasks
from tenants.billing.models import Invoice, InvoiceDocument, InvoiceRun, RunState
from tenants.parties import mailing
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = "/facturen/maand?maand=2026-11"


@pytest.fixture(autouse=True)
def first_of_december(time_machine) -> None:
    time_machine.move_to(DECEMBER_1, tick=False)


def proposed(hub) -> InvoiceRun:
    return invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)


def issued(party, *lines) -> Invoice:
    books.charge(party, *lines)
    run = proposed(party.hub)
    bookkeeper = cast.staff(party.hub, "bookkeeper", name=f"boekhouder {run.pk}")
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=bookkeeper, seen=seen, now=DECEMBER_1)
    invoicing.issue_approved(now=DECEMBER_1)
    documents.send_documents(now=DECEMBER_1)
    return Invoice.objects.get(run=run, party=party)


@pytest.fixture
def bookkeeper(client):
    """The bookkeeper of a hub, signed in; `.hub` is where."""
    hub = books.hub()
    client.force_login(cast.staff(hub, "bookkeeper"))
    client.hub = hub
    return client


def test_the_month_before_is_the_one_to_invoice(bookkeeper) -> None:
    page = bookkeeper.get("/facturen/maand").content.decode()

    assert '<option value="2026-11" selected>' in page


def test_from_proposal_to_mailed_invoices_in_two_buttons(bookkeeper) -> None:
    party = books.party(bookkeeper.hub, "Fysiotherapie N. de Boer")
    books.charge(party, owed("37.50"), owed("42.50", vat=21, quantity=2))

    shown = bookkeeper.post("/facturen/maand", {"maand": "2026-11"}, follow=True)
    words = shown.content.decode()
    assert shown.redirect_chain == [(MONTH, 302)]
    for fact in ["Fysiotherapie N. de Boer", "€\xa0140,35", "€\xa017,85", "een dagdeel: goedkoper dan 4 uur",
                 "vergaderruimte, alleen als zodanig gebruikt", "Spreekkamer 2"]:  # fmt: skip
        assert fact in words, fact

    run = shown.context["proposal"].run
    seen = shown.context["proposal"].seen
    bookkeeper.force_login(cast.staff(bookkeeper.hub, "director"))
    bookkeeper.post(f"/facturen/maand/goedkeuren/{run.pk}", {"seen": seen})
    tasks.issue_approved()
    tasks.send_documents()

    assert "2026-0001" in bookkeeper.get(MONTH).content.decode()
    run.refresh_from_db()
    assert (run.state, InvoiceDocument.objects.count(), Letter.objects.count()) == (RunState.ISSUED, 1, 1)


def test_approving_something_else_than_was_shown_is_refused_and_shown_again(bookkeeper) -> None:
    party = books.party(bookkeeper.hub)
    books.charge(party, owed("10.00"))
    run = proposed(bookkeeper.hub)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    books.charge(party, owed("5.00"))

    answer = bookkeeper.post(f"/facturen/maand/goedkeuren/{run.pk}", {"seen": seen}, follow=True)

    assert answer.context["proposal"].gross == 15
    assert answer.context["proposal"].seen != seen
    run.refresh_from_db()
    assert run.state == RunState.PROPOSED


def test_the_proposal_says_who_has_to_wait_and_what_came_since(bookkeeper) -> None:
    books.charge(books.party(bookkeeper.hub, "Accare"))
    books.charge(cast.party(bookkeeper.hub, "Zonder adres"))
    proposed(bookkeeper.hub)
    books.charge(books.party(bookkeeper.hub, "Later"))

    proposal = bookkeeper.get(MONTH).context["proposal"]

    assert [each.invoice.party.name for each in proposal.drafts] == ["Accare"]
    assert [bill.party.name for bill in proposal.waiting] == ["Zonder adres"]
    assert proposal.newer == 1
    assert f'href="/beheer/partijen/{proposal.waiting[0].party.pk}"' in bookkeeper.get(MONTH).content.decode()


def test_the_proposal_compares_with_the_month_before(bookkeeper) -> None:
    steady, left = books.party(bookkeeper.hub, "Blijver"), books.party(bookkeeper.hub, "Vertrokken")
    october = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 5)}
    for party in (steady, left):
        books.charge(party, owed("10.00", **october))
    run = invoicing.propose(bookkeeper.hub, month=date(2026, 10, 1), now=DECEMBER_1)
    invoicing.approve(
        run,
        by=cast.staff(bookkeeper.hub),
        seen=invoicing.fingerprint(invoicing.drafts_of(run)),
        now=DECEMBER_1,
    )
    invoicing.issue_approved(now=DECEMBER_1)
    books.charge(steady, owed("12.50"))
    proposed(bookkeeper.hub)

    proposal = bookkeeper.get(MONTH).context["proposal"]

    assert [(each.before, each.difference) for each in proposal.drafts] == [(10, owed("2.50").net)]
    assert [(each.party.name, each.gross) for each in proposal.gone] == [("Vertrokken", 10)]
    assert (proposal.before, proposal.difference) == (20, owed("-7.50").net)


def test_an_interrupted_run_shows_how_far_it_is(bookkeeper) -> None:
    for name in ("Een", "Twee"):
        books.charge(books.party(bookkeeper.hub, name))
    run = proposed(bookkeeper.hub)
    invoicing.approve(
        run,
        by=cast.staff(bookkeeper.hub),
        seen=invoicing.fingerprint(invoicing.drafts_of(run)),
        now=DECEMBER_1,
    )
    invoicing.issue_next(run, now=DECEMBER_1)

    progress = bookkeeper.get(MONTH).context["runs"][0]

    assert (progress.issued, progress.count, progress.is_busy) == (1, 2, True)


def test_a_refused_letter_is_shown_with_its_reason_and_can_be_tried_again(bookkeeper) -> None:
    invoice = issued(books.party(bookkeeper.hub, email="weg@example.nl"))
    Letter.objects.update(refused_at=DECEMBER_1, error="550 no such mailbox")

    page = bookkeeper.get(MONTH)
    assert [each.why for each in page.context["runs"][0].failed] == ["weg@example.nl: 550 no such mailbox"]

    bookkeeper.post(f"/facturen/{invoice.number}/opnieuw")
    assert mailing.send_due(now=DECEMBER_1) == 0 or Letter.objects.get().refused_at is None


def test_a_month_of_which_nothing_is_known_is_no_error(bookkeeper) -> None:
    for typed in ["", "2026-13", "x" * 300, "2026-11'", "\x00", "9999-01", "٢٠٢٦-11"]:
        assert bookkeeper.get("/facturen/maand", {"maand": typed}).status_code == 200
        assert bookkeeper.get("/facturen", {"maand": typed, "q": typed, "page": typed}).status_code == 200
        assert bookkeeper.get("/facturen.csv", {"maand": typed, "q": typed}).status_code == 200


def test_the_list_finds_by_month_number_and_name_and_adds_up(bookkeeper) -> None:
    issued(books.party(bookkeeper.hub, "Accare"), owed("10.00"))
    issued(books.party(bookkeeper.hub, "De Vries"), owed("100.00", vat=21))

    def found(**search: str) -> tuple[list[str], object]:
        context = bookkeeper.get("/facturen", search).context
        return [row.number for row in context["page_obj"]], context["total"]["gross"]

    assert found() == (["2026-0002", "2026-0001"], 131)
    assert found(maand="2026-12", q="vries") == (["2026-0002"], 121)
    assert found(q="2026-0001") == (["2026-0001"], 10)
    assert found(maand="2026-11") == ([], None)


@pytest.mark.parametrize("name", ["=1+1", "+31", "-x", "@sum", "\t=1", " =2"])
def test_no_name_becomes_a_formula_in_the_spreadsheet(bookkeeper, name: str) -> None:
    issued(books.party(bookkeeper.hub, name), owed("1234.50"))

    text = bookkeeper.get("/facturen.csv").content.decode("utf-8-sig")

    row = list(csv.reader(io.StringIO(text), delimiter=";"))[1]
    assert (row[0], row[3], row[6]) == ("2026-0001", f"'{name}", "1234,50")
    assert row[7][1:] == "000 0000 2026 0001", "sixteen digits in a row would be rounded"


def test_the_pdf_is_a_download_that_nobody_sniffs_or_keeps(bookkeeper) -> None:
    invoice = issued(books.party(bookkeeper.hub))

    answer = bookkeeper.get(f"/facturen/{invoice.number}.pdf")

    assert answer.content == bytes(InvoiceDocument.objects.get().pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize("number", ["2026-9999", "2026", "x", "2026-0001%00", "2026-0001'"])
def test_a_number_that_is_none_is_not_found(bookkeeper, number: str) -> None:
    assert bookkeeper.get(f"/facturen/{number}").status_code == 404


@pytest.mark.parametrize("parties", [1, 3])
def test_the_pages_take_the_same_queries_for_one_and_for_three(
    bookkeeper, django_assert_num_queries, parties: int
) -> None:
    for number in range(parties):
        books.charge(books.party(bookkeeper.hub, f"Partij {number}"), owed(), owed("5.00", vat=21))
        books.charge(cast.party(bookkeeper.hub, f"Zonder adres {number}"))
    run = proposed(bookkeeper.hub)
    with django_assert_num_queries(12):
        bookkeeper.get(MONTH)
    invoicing.approve(
        run,
        by=cast.staff(bookkeeper.hub),
        seen=invoicing.fingerprint(invoicing.drafts_of(run)),
        now=DECEMBER_1,
    )
    invoicing.issue_approved(now=DECEMBER_1)
    documents.send_documents(now=DECEMBER_1)
    with django_assert_num_queries(9):
        bookkeeper.get(MONTH)
    with django_assert_num_queries(6):
        bookkeeper.get("/facturen")
    with django_assert_num_queries(4):
        bookkeeper.get("/facturen.csv")
    with django_assert_num_queries(15):
        bookkeeper.get(f"/facturen/{Invoice.objects.issued().first().number}")
