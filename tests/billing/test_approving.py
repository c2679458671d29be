"""Four eyes on the month's invoices: who proposes them does not approve them, unless alone and after a password."""

import pytest

from tenants.billing import invoicing, locking
from tenants.billing.models import Books, InvoiceRun, RunState
from tenants.parties.models import User
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = "/facturen/maand?maand=2026-11"


@pytest.fixture(autouse=True)
def first_of_december(time_machine) -> None:
    time_machine.move_to(DECEMBER_1, tick=False)


@pytest.fixture
def hub():
    hub = books.hub()
    books.charge(books.party(hub, "Accare"))
    return hub


def signed_in(client, user: User):
    """As `user` who signed in with a password; that alone is no second look."""
    client.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    client.force_login(user)
    return client


def propose(client) -> InvoiceRun:
    client.post("/facturen/maand", {"maand": "2026-11"})
    return InvoiceRun.objects.get()


def approve(client) -> RunState:
    proposal = client.get(MONTH).context["proposal"]
    client.post(f"/facturen/maand/goedkeuren/{proposal.run.pk}", {"seen": proposal.seen})
    return RunState(InvoiceRun.objects.get().state)


def enter_password(client, password: str = cast.PASSWORD) -> None:
    client.post(f"/account/reauthenticate/?next={MONTH}", {"password": password})


def test_who_proposes_is_remembered_and_another_bookkeeper_approves(client, hub) -> None:
    one, two = (cast.staff(hub, "bookkeeper", name=name) for name in ("Bo", "Cas"))
    assert propose(signed_in(client, one)).proposed_by == one
    assert client.get(MONTH).context["approval"] == "somebody_else"
    assert "Een andere boekhouder of de directeur" in client.get(MONTH).content.decode()
    assert approve(client) == RunState.PROPOSED

    assert approve(signed_in(client, two)) == RunState.APPROVED
    page = client.get(MONTH).content.decode()
    assert "Voorgesteld door Bo." in page
    assert "Goedgekeurd door Cas" in page


def test_the_director_approves_what_the_only_bookkeeper_proposed(client, hub) -> None:
    run = propose(signed_in(client, cast.staff(hub, "bookkeeper")))
    director = cast.staff(hub, "director")

    assert approve(signed_in(client, director)) == RunState.APPROVED
    run.refresh_from_db()
    assert run.approved_by == director


def test_the_only_bookkeeper_approves_alone_after_entering_the_password_again(client, hub) -> None:
    alone = cast.staff(hub, "bookkeeper", name="Bo")
    propose(signed_in(client, alone))
    page = client.get(MONTH)
    assert page.context["approval"] == "password"
    assert "/account/reauthenticate/?next=" in page.content.decode()
    assert approve(client) == RunState.PROPOSED

    enter_password(client, "verkeerd")
    assert approve(client) == RunState.PROPOSED
    enter_password(client)

    assert client.get(MONTH).context["approval"] == "now"
    assert approve(client) == RunState.APPROVED
    run = InvoiceRun.objects.get()
    assert (run.proposed_by, run.approved_by) == (alone, alone)
    assert "na het opnieuw invullen van het wachtwoord" in client.get(MONTH).content.decode()


def test_a_password_does_not_help_while_there_is_another_bookkeeper(client, hub) -> None:
    one = cast.staff(hub, "bookkeeper", name="Bo")
    cast.staff(hub, "bookkeeper", name="Cas")
    propose(signed_in(client, one))

    enter_password(client)

    assert client.get(MONTH).context["approval"] == "somebody_else"
    assert approve(client) == RunState.PROPOSED


def test_who_has_no_password_is_told_to_set_one(client, hub) -> None:
    alone = cast.staff(hub, "bookkeeper")
    alone.set_unusable_password()
    alone.save()
    client.force_login(alone)
    propose(client)

    assert client.get(MONTH).context["approval"] == "no_password"
    assert approve(client) == RunState.PROPOSED


def test_a_proposal_that_nobody_made_by_hand_needs_one_person() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)

    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=cast.staff(hub, "bookkeeper"), seen=seen, now=DECEMBER_1)

    run.refresh_from_db()
    assert (run.state, run.proposed_by) == (RunState.APPROVED, None)


def test_who_looks_at_it_again_is_not_who_proposed(client, hub) -> None:
    """The director sees something else than before: the proposal is renewed, and is still that of the bookkeeper."""
    bookkeeper = cast.staff(hub, "bookkeeper")
    run = propose(signed_in(client, bookkeeper))
    books.charge(books.party(hub, "Later"))
    signed_in(client, cast.staff(hub, "director"))

    client.post(f"/facturen/maand/goedkeuren/{run.pk}", {"seen": "iets anders"})

    run.refresh_from_db()
    assert (run.proposed_by, run.state, run.invoices.count()) == (bookkeeper, RunState.PROPOSED, 2)


def test_in_a_closed_period_nothing_is_approved_or_issued(hub) -> None:
    Books.objects.update_or_create(hub=hub, defaults={"locked_until": DECEMBER_1.date()})
    run = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    bookkeeper = cast.staff(hub, "bookkeeper")
    with pytest.raises(locking.BooksLocked, match="1 december 2026"):
        invoicing.approve(run, by=bookkeeper, seen=seen, now=DECEMBER_1)

    later = cast.at("2026-12-02 09:00")
    invoicing.approve(run, by=bookkeeper, seen=seen, now=later)
    Books.objects.filter(hub=hub).update(locked_until=later.date())

    assert invoicing.issue_approved(now=later) == 0
    run.refresh_from_db()
    assert "2 december 2026" in run.error
    assert invoicing.issue_approved(now=cast.at("2026-12-03 09:00")) == 1
