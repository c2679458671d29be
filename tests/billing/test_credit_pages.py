"""The bookkeeper credits an invoice on its page: looks first, presses once, and nobody else can."""

from decimal import Decimal

import pytest

from tenants.billing import documents, invoicing
from tenants.billing.models import AwaitedDocument, Books, Charge, Invoice
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, owed

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
PAGE = "/facturen/2026-0001/crediteren"


@pytest.fixture(autouse=True)
def first_of_december(time_machine) -> None:
    time_machine.move_to(DECEMBER_1, tick=False)


@pytest.fixture
def invoice() -> Invoice:
    party = books.party(books.hub(), "Accare")
    books.charge(party, owed("37.50"), owed("42.50", vat=21, quantity=2))
    books.approve_month(party.hub)
    invoicing.issue_approved(now=DECEMBER_1)
    return Invoice.objects.get()


@pytest.fixture
def bookkeeper(client, invoice):
    client.force_login(cast.staff(invoice.hub, "bookkeeper", name="Bo"))
    return client


def typed(client, **fields: str) -> dict[str, str]:
    """What the form shows, filled in with `fields`; line0 and line1 are its lines."""
    form = client.get(PAGE).context
    names = {f"line{place}": field.html_name for place, (_left, field) in enumerate(form["form"].rows)}
    return {"seen": form["seen"], "what": "all", "reason": "dubbel"} | {
        names.get(name, name): value for name, value in fields.items()
    }


def press(client, form: dict[str, str]):
    """Look first, then make exactly that."""
    looked = client.post(PAGE, form)
    if looked.context["looked"] is None:
        return looked
    return client.post(PAGE, form | {"final": looked.context["form"].digest})


def test_a_part_of_a_line_is_credited_after_a_look(bookkeeper, invoice: Invoice) -> None:
    assert (
        "Crediteer deze factuur of een deel ervan" in bookkeeper.get("/facturen/2026-0001").content.decode()
    )
    form = typed(bookkeeper, what="some", line1="10,00", reason="beamer deed het niet")

    looked = bookkeeper.post(PAGE, form)
    assert Invoice.objects.count() == 1, "looking makes nothing"
    assert "−\u2060€\xa012,10" in looked.content.decode()
    answer = press(bookkeeper, form)

    assert answer.url == "/facturen/2026-0002"
    note = invoice.credit_notes.get()
    assert (note.net, note.vat, note.gross, note.made_by.name) == (D("-10.00"), D("-2.10"), D("-12.10"), "Bo")
    page = bookkeeper.get("/facturen/2026-0002").content.decode()
    for words in [
        "Creditfactuur 2026-0002",
        "Corrigeert factuur",
        "2026-0001",
        "beamer deed het niet",
        "Gemaakt door Bo",
    ]:
        assert words in page, words
    assert "2026-0002" in bookkeeper.get("/facturen/2026-0001").content.decode()


def test_pressing_twice_credits_once(bookkeeper, invoice: Invoice) -> None:
    form = typed(bookkeeper, what="some", line0="10,00")
    press(bookkeeper, form)

    again = press(bookkeeper, form)

    assert again.status_code == 200
    assert "sinds u keek" in again.content.decode()
    assert invoice.credit_notes.count() == 1


def test_something_else_than_was_looked_at_is_shown_first(bookkeeper, invoice: Invoice) -> None:
    form = typed(bookkeeper, what="some", line0="10,00")
    digest = bookkeeper.post(PAGE, form).context["form"].digest

    answer = bookkeeper.post(PAGE, typed(bookkeeper, what="some", line0="30,00") | {"final": digest})

    assert answer.context["looked"].gross == D("-30.00")
    assert not invoice.credit_notes.exists()


def test_all_of_it_again_is_on_the_next_proposal(bookkeeper, invoice: Invoice) -> None:
    press(bookkeeper, typed(bookkeeper, again="on", reason="verkeerd inkoopnummer"))

    assert invoice.credit_notes.get().gross == -invoice.gross
    assert sorted(Charge.objects.filter(invoice_line__isnull=True).values_list("net", flat=True)) == [
        D("37.50"),
        D(85),
    ]
    assert "Niets meer te crediteren" in bookkeeper.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"what": "some"}, "Kies een regel"),
        ({"what": "some", "line0": "37,51"}, "nog €\xa037,50"),
        ({"what": "some", "line0": "-1"}, "nog €\xa037,50"),
        ({"what": "some", "line0": "10", "again": "on"}, "Alleen een hele regel"),
        ({"reason": ""}, "Waarom"),
        ({"reason": "bsn 111222333"}, "Vul nooit een burgerservicenummer"),
        ({"what": "some", "line0": "tien"}, ""),
        ({"what": "niets"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_makes_nothing(
    bookkeeper, invoice: Invoice, fields: dict, words: str
) -> None:
    answer = press(bookkeeper, typed(bookkeeper, **fields))

    assert answer.status_code == 200
    assert words in answer.content.decode() or "BSN" in answer.content.decode()
    assert (Invoice.objects.count(), Charge.objects.filter(credits__isnull=False).count()) == (1, 0)


def test_in_a_closed_period_the_page_says_so(bookkeeper, invoice: Invoice) -> None:
    Books.objects.update_or_create(hub=invoice.hub, defaults={"locked_until": DECEMBER_1.date()})

    answer = press(bookkeeper, typed(bookkeeper))

    assert "afgesloten tot en met 1 december 2026" in answer.content.decode()
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(("role", "status"), [("director", 403), ("reception", 403), ("bookkeeper", 404)])
def test_who_may_not_credit_makes_no_note(client, invoice: Invoice, role: str, status: int) -> None:
    """The director looks; a bookkeeper of another hub does not even find it."""
    hub = invoice.hub if status == 403 else books.hub("elders", kvk="00018099")
    client.force_login(cast.staff(hub, role))

    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {"what": "all", "reason": "x"}).status_code == status
    assert client.post("/facturen/2026-0001/opnieuw").status_code == status
    assert Invoice.objects.count() == 1


def test_a_credit_note_is_itself_no_invoice_to_credit_and_its_paper_can_be_tried_again(
    bookkeeper, invoice: Invoice
) -> None:
    press(bookkeeper, typed(bookkeeper))
    note = invoice.credit_notes.get()
    assert bookkeeper.get(f"/facturen/{note.number}/crediteren").status_code == 404
    AwaitedDocument.objects.filter(invoice=note).update(attempts=5, error="kapot")
    assert f"/facturen/{note.number}/opnieuw" in bookkeeper.get(f"/facturen/{note.number}").content.decode()

    answer = bookkeeper.post(f"/facturen/{note.number}/opnieuw")

    assert answer.url == f"/facturen/{note.number}"
    assert documents.send_documents(now=DECEMBER_1) == 2


def test_the_credit_page_takes_the_same_queries_for_one_line_and_for_three(
    client, django_assert_num_queries
) -> None:
    for count in (1, 3):
        party = books.party(books.hub(f"hub{count}", kvk=f"0001801{count}"))
        books.charge(party, *[owed("37.50")] * count)
        books.approve_month(party.hub)
        invoicing.issue_approved(now=DECEMBER_1)
        client.force_login(cast.staff(party.hub, "bookkeeper"))
        client.get(PAGE)
        with django_assert_num_queries(8):
            client.get(PAGE)
