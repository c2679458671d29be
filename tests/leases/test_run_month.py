"""`manage.py run_month`: rent and half-days are charged, then everything is proposed, told line by line."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import travel

from spaces.models import Hub
from tenants.billing.models import Charge, Invoice, InvoiceRun
from tenants.leases import month_notes
from tenants.leases.models import Lease, RentPeriod
from tests import cast
from tests.billing import books
from tests.cast import NOW
from tests.leases import rented

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_dutch_terminal")]
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def _dutch_terminal(monkeypatch: pytest.MonkeyPatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Hub:
    hub = books.hub()
    ggd = books.party(hub, "GGD IJsselland", kind="organisation")
    cast.lease(ggd, rooms=[cast.space(hub, "B10", area_m2=Decimal("145.00"))], rent_per_m2_year="135")
    return hub


def run(*arguments: str, at: object = NOW) -> str:
    out = StringIO()
    with travel(at, tick=False):
        call_command("run_month", *arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_tells_everything_and_stores_nothing(hub: Hub):
    told = run("2026-12", "--dry-run")

    assert "GGD IJsselland" in told
    assert "Huur december 2026, contract HC-1" in told
    assert "€\xa01.631,25" in told
    assert told.splitlines()[-1] == "Proef: er is niets opgeslagen."
    assert [model.objects.count() for model in (Charge, InvoiceRun, RentPeriod)] == [0, 0, 0]


def test_a_dry_run_tells_what_the_run_then_does(hub: Hub):
    rehearsed, done = run("2026-12", "--dry-run"), run("2026-12")

    assert rehearsed.splitlines()[:-1] == done.splitlines()[:-1]
    assert Invoice.objects.get().gross == 1631.25
    assert run("2026-12") == done


def test_issuing_names_who_approves(hub: Hub):
    bookkeeper = cast.staff(hub, "bookkeeper")
    cast.staff(hub, "reception")

    with pytest.raises(CommandError, match="e-mailadres"):
        run("2026-12", "--issue")
    told = run("2026-12", "--issue", "--by", bookkeeper.email.upper())

    invoice = Invoice.objects.get()
    assert invoice.number == "2026-0001"
    assert "  2026-0001      €\xa01.631,25  GGD IJsselland" in told
    assert invoice.run.approved_by == bookkeeper
    assert "niets meer uit te geven" in run("2026-12", "--issue", "--by", bookkeeper.email)
    assert Invoice.objects.count() == 1


def test_the_report_says_what_is_in_the_old_books(hub: Hub):
    Lease.objects.update(charged_from=date(2027, 1, 1))

    told = run("2026-12")

    assert "de huur tot en met 31 december 2026 staat in de oude boeken" in told
    assert "Er is niets te factureren." in told
    assert [note.text for note in month_notes.notes(hub, month=date(2027, 1, 1))] == []


def test_a_month_is_written_as_2026_12(hub: Hub):
    with pytest.raises(CommandError, match="2026-12"):
        run("december")


@pytest.mark.parametrize("month", ["0001-01", "2062-12", "9999-12"])
def test_a_month_that_is_years_away_is_a_slip_of_the_keyboard(hub: Hub, month: str):
    with pytest.raises(CommandError, match="Controleer het jaartal"):
        run(month)

    assert not Charge.objects.exists()


def test_the_page_charges_the_rent_before_it_proposes(hub: Hub, client: Client):
    bookkeeper = cast.staff(hub, "bookkeeper")
    client.force_login(bookkeeper)

    with travel(NOW, tick=False):
        answer = client.post("/facturen/maand", {"maand": "2026-12"}, follow=True)

    assert "€\xa01.631,25" in answer.content.decode()
    assert InvoiceRun.objects.get().proposed_by == bookkeeper
    assert RentPeriod.objects.count() == 1


@pytest.mark.parametrize("leases", [1, 3])
def test_what_is_noted_takes_the_same_queries_for_one_and_for_three(
    hub: Hub, django_assert_num_queries, leases: int
):
    for number in range(1, leases):
        party = books.party(hub, f"Huurder {number}", kind="organisation")
        room = cast.space(hub, f"B2{number}")
        cast.lease(party, rooms=[room], number=f"HC-{number + 1}", charged_from=date(2027, 1, 1))

    with django_assert_num_queries(8):
        assert len(month_notes.notes(hub, month=DECEMBER)) == leases - 1


def test_a_quarter_in_which_the_rent_changes_is_asked_as_a_whole_in_advance(hub: Hub):
    lease = Lease.objects.get()
    lease.terms.model.objects.create(**_quarterly_from(lease, "2027-01-01", yearly="19575.00"))
    lease.terms.model.objects.create(**_quarterly_from(lease, "2027-02-01", yearly="20064.38"))
    run("2026-12", at=cast.at("2026-12-02 09:00"))

    told = run("2027-01", at=cast.at("2026-12-20 09:00"))

    # 1,631.25 + 20,064.38 × 2/12 = 3,344.06 less 1,672.03 + 20,064.38 × 3/12 = 5,016.10 less 3,344.06
    invoice = Invoice.objects.get(run__month=date(2027, 1, 1))
    assert [str(line.net) for line in invoice.lines.order_by("position")] == ["1631.25", "1672.03", "1672.04"]
    assert "Huur maart 2027" in told
    assert "Er is niets te factureren." in run("2027-02", at=cast.at("2027-01-20 09:00"))


def test_what_changes_of_a_quarter_that_was_asked_is_asked_in_the_next_run(hub: Hub):
    lease = Lease.objects.get()
    lease.terms.model.objects.create(**_quarterly_from(lease, "2027-01-01", yearly="19575.00"))
    run("2027-01", at=cast.at("2026-12-20 09:00"))
    rented.issue(hub, date(2027, 1, 1), on="2026-12-20 09:00")
    lease.terms.model.objects.create(**_quarterly_from(lease, "2027-03-01", yearly="20064.38"))

    run("2027-01", at=cast.at("2027-01-20 09:00"))

    draft = Invoice.objects.drafts().get()
    assert draft.net == Decimal("40.79")  # 20,064.38 × 3/12 = 5,016.10 less 3,344.06, less 1,631.25


def _quarterly_from(lease: Lease, day: str, *, yearly: str) -> dict[str, object]:
    latest = lease.terms.latest("pk")
    facts = {field.attname: getattr(latest, field.attname) for field in latest._meta.concrete_fields}
    changed = {"kind": "amended", "invoicing": "quarter", "yearly": Decimal(yearly)}
    return facts | changed | {"id": None, "starts_on": date.fromisoformat(day)}
