"""In the words of who does it: a tenant gives a mandate, the month is collected, refused, collected again, and ended."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.tasks import handle_stripe_events
from spaces.models import Hub
from tenants.billing import documents, einvoice, invoicing, typesetting
from tenants.billing.models import Invoice, OnlineMandate, OnlinePayment, OnlineSettings, Receivable
from tenants.billing.tasks import collect_online
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing import books, money
from tests.cast import NOW
from tests.journeys.reading import Page, press, see
from tests.online.collecting import hub_that_collects, mandate_of, payer
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Saturday 21 November 2026, noon in Amsterdam, until somebody moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hub(stripe_server: StandIn) -> Hub:
    return hub_that_collects()


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(user)
    return client


def invoiced(party: Party) -> Invoice:
    """The invoice of November, issued today: due on 5 December."""
    books.charge(party)
    run = books.approve_month(party.hub, now=NOW)
    invoicing.issue_approved(now=NOW)
    documents.send_documents(now=NOW)
    return Invoice.objects.get(run=run, party=party)


class Story:
    """The clock of all, and who looks."""

    def __init__(self, hub: Hub, stripe_server: StandIn, clock: time_machine.Traveller) -> None:
        self.stripe, self.clock = stripe_server, clock
        self.user, self.party = payer(hub)
        self.staff = cast.staff(hub, "bookkeeper")
        self.tenant, self.bookkeeper = client_of(self.user), client_of(self.staff)

    def it_is(self, moment: str) -> None:
        self.clock.move_to(cast.at(moment))
        self.stripe.at(cast.at(moment))
        self.tenant.force_login(self.user)  # a session does not last for weeks
        self.bookkeeper.force_login(self.staff)
        collect_online()

    def bank_says(self, deed: Callable[[str], None]) -> None:
        """And Stripe rings for it."""
        deed(OnlinePayment.objects.get(state="processing").intent_id)
        assert set(self.stripe.deliver(Client())) == {200}
        handle_stripe_events()

    def mandate(self) -> None:
        away = self.tenant.post(see(self.tenant, "/machtiging").form("Geef een machtiging")["action"])
        assert away.status_code == 303
        self.stripe.give_mandate(away.url)
        back = Page(self.tenant.get(f"/machtiging/{OnlineMandate.objects.get().pk}", follow=True))
        assert "Vanaf nu schrijven we uw facturen af." in back.text
        assert "eindigt op 5264" in back.text


@pytest.fixture
def story(hub: Hub, stripe_server: StandIn, clock: time_machine.Traveller) -> Story:
    return Story(hub, stripe_server, clock)


def test_from_the_mandate_to_the_day_of_the_debit(hub: Hub, story: Story) -> None:
    assert "Laat uw facturen afschrijven" in see(story.tenant, "/huur").text
    story.mandate()

    invoice = invoiced(story.party)
    told = Letter.objects.get(kind="invoice").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "U hoeft niets te doen: wij schrijven € 37,50 van uw rekening af." in told
    assert hub.iban not in told
    assert "wordt geïncasseerd" in see(story.tenant, "/huur").text

    story.it_is("2026-11-30 09:00")
    assert "incasso onderweg op 7 december 2026" in see(story.tenant, "/huur").text
    assert "aangekondigd voor 7 december 2026" in see(story.tenant, f"/facturen/{invoice.number}").text
    story.it_is("2026-12-03 09:00")
    assert "incasso onderweg, op 7 december 2026" in see(story.bookkeeper, "/incasso/online").text


def test_refused_collected_again_and_the_mandate_ended(story: Story) -> None:
    story.mandate()
    invoiced(story.party)
    for moment in ("2026-11-30 09:00", "2026-12-03 09:00", "2026-12-08 09:00"):
        story.it_is(moment)

    story.bank_says(lambda intent: story.stripe.fail(intent, "account_closed"))
    assert "te laat" in see(story.tenant, "/huur").text
    page = see(story.bookkeeper, "/incasso/online")
    assert "De rekening is opgeheven" in page.text
    assert "Incasso die terugkwam" in see(story.bookkeeper, reverse("workday")).text
    again = press(story.bookkeeper, page, "Incasseer opnieuw")
    assert "Het wordt op 14 december 2026 afgeschreven" in again.text
    assert press(story.bookkeeper, page, "Incasseer opnieuw").status == 200
    assert OnlinePayment.objects.count() == 2  # the second press is the same

    story.it_is("2026-12-10 09:00")
    story.bank_says(story.stripe.settle)
    assert "betaald" in see(story.tenant, "/huur").text
    assert Receivable.objects.still_open().count() == 0

    ask = see(story.tenant, f"/machtiging/{OnlineMandate.objects.get().pk}/beeindigen")
    ended = press(story.tenant, ask, "Beëindig deze machtiging")
    assert "De machtiging is beëindigd" in ended.text
    assert "Geef een machtiging" in ended.text
    assert "De machtiging is op deze site beëindigd." in see(story.bookkeeper, "/incasso/machtigingen").text
    assert list(Letter.objects.order_by("pk").values_list("kind", flat=True)) == [
        "mandate_given", "invoice", "collect_announced", "collect_refused", "collect_announced", "mandate_ended"
    ]  # fmt: skip


def test_the_paper_and_the_e_invoice_say_that_it_is_collected_unless_it_is_too_much(
    hub: Hub, stripe_server: StandIn
) -> None:
    user, party = payer(hub, kvk="00018103")
    mandate = mandate_of(party, user, stripe_server)
    OnlineSettings.objects.update(debit_limit=100)
    invoice = invoiced(party)

    paid = typesetting.content(invoice)["pay"]
    assert mandate.reference in str(paid)
    assert "… 5264" in str(paid)
    xml = einvoice.ubl(invoice, einvoice.NLCIUS)
    assert f"<cbc:ID>{mandate.reference}</cbc:ID>".encode() in xml
    assert b">59<" in xml

    invoice.buyer["debit_limit"] = "37.49"
    assert "NL91" in str(typesetting.content(invoice)["pay"])
    assert b">59<" not in einvoice.ubl(invoice, einvoice.NLCIUS)


def test_who_may_not(hub: Hub, stripe_server: StandIn) -> None:
    (user, party), (other, _theirs) = payer(hub), payer(hub, "Bert de Boer")
    mandate = mandate_of(party, user, stripe_server)
    row = money.asked(party, due_on=date(2026, 11, 26))
    collect_online()
    payment = OnlinePayment.objects.get(receivable=row)
    stranger, director = client_of(other), client_of(cast.staff(hub))
    elsewhere = client_of(cast.staff(books.hub("elders", kvk="00018099"), "bookkeeper"))

    for client, path, status in (
        (stranger, f"/machtiging/geven/{party.pk}", 404),
        (stranger, f"/machtiging/{mandate.pk}/beeindigen", 404),
        (director, f"/incasso/online/{payment.pk}/opnieuw", 403),
        (director, f"/incasso/machtigingen/online/{mandate.pk}/intrekken", 403),
        (elsewhere, f"/incasso/online/{payment.pk}/opnieuw", 404),
        (elsewhere, f"/incasso/machtigingen/online/{mandate.pk}/intrekken", 404),
    ):
        assert client.post(path).status_code == status, path
    assert stranger.get(f"/machtiging/{mandate.pk}").status_code == 404
    assert OnlineMandate.objects.get().state == "active"


@pytest.mark.parametrize("count", [1, 3])
def test_so_many_queries_however_many_there_are(
    hub: Hub, stripe_server: StandIn, django_assert_num_queries, count: int
) -> None:
    for at in range(count):
        user, party = payer(hub, f"Praktijk {at}")
        mandate_of(party, user, stripe_server)
        money.asked(party, due_on=date(2026, 11, 26))
        money.asked(party, "10000.01", due_on=date(2026, 11, 26))
    collect_online()
    bookkeeper = client_of(cast.staff(hub, "bookkeeper"))
    for path, queries in (("/incasso/online", 14), ("/incasso/machtigingen", 13)):
        bookkeeper.get(path)
        with django_assert_num_queries(queries):
            assert bookkeeper.get(path).status_code == 200


def test_stripe_is_away(hub: Hub, stripe_server: StandIn) -> None:
    user, _party = payer(hub)
    tenant = client_of(user)
    stripe_server.goes_wrong("", "before", times=None)
    page = press(tenant, see(tenant, "/machtiging"), "Geef een machtiging")
    assert "De betaaldienst geeft geen antwoord" in page.text
    stripe_server.mend()
    assert tenant.post(page.form("Geef een machtiging")["action"]).status_code == 303
    assert OnlineMandate.objects.count() == 1
