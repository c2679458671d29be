"""Public holidays of the coming year: proposed in autumn, once, and the director decides on each."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings import closing_off, proposing, reserving
from spaces import public_holidays
from spaces.models import Closure, HolidayProposal, Hub
from tenants.parties.models import Letter, Role, User
from tests import cast
from tests.cast import NOW, at, between
from tests.journeys.reading import press, see

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub() -> Hub:
    return cast.hub(name="LOC+")


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub, Role.DIRECTOR, "Dirk Directeur")


@pytest.fixture
def directors(director: User, client: Client) -> Client:
    client.force_login(director)
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_year_has_its_holidays_with_the_two_that_most_people_work_on_marked():
    assert public_holidays.of_year(2027) == {
        date(2027, 1, 1): "Nieuwjaarsdag",
        date(2027, 3, 26): "Goede vrijdag (voor de meesten een werkdag)",
        date(2027, 3, 28): "Eerste paasdag",
        date(2027, 3, 29): "Tweede paasdag",
        date(2027, 4, 27): "Koningsdag",
        date(2027, 5, 5): "Bevrijdingsdag (voor de meesten een werkdag)",
        date(2027, 5, 6): "Hemelvaartsdag",
        date(2027, 5, 16): "Eerste pinksterdag",
        date(2027, 5, 17): "Tweede pinksterdag",
        date(2027, 12, 25): "Eerste kerstdag",
        date(2027, 12, 26): "Tweede kerstdag",
    }


def test_in_autumn_the_days_that_the_hub_would_be_open_are_proposed_once(hub: Hub, director: User):
    cast.closure(hub, between("2027-01-01 00:00", "24:00"), reason="Nieuwjaar")
    days = [proposing.propose(now=moment) for moment in (at("2026-09-30 12:00"), NOW, NOW)]

    assert days == [0, 7, 0]
    proposed = list(HolidayProposal.objects.values_list("day", flat=True))
    assert date(2027, 1, 1) not in proposed  # closed already
    assert date(2027, 3, 28) not in proposed  # a Sunday
    assert date(2027, 12, 25) in proposed  # a Saturday, on which this hub opens
    letter = Letter.objects.get(kind="holidays_proposed")
    assert (letter.to_email, letter.subject) == (director.email, "Feestdagen van 2027: dicht of open?")
    assert "dinsdag 27 april 2027: Koningsdag" in letter.text


def test_what_was_decided_is_not_asked_again(hub: Hub, director: User):
    proposing.propose(now=NOW)
    for proposal in HolidayProposal.objects.all():
        proposing.decline(proposal)

    assert proposing.propose(now=at("2026-12-01 12:00")) == 0
    assert set(HolidayProposal.objects.values_list("state", flat=True)) == {"declined"}
    assert Letter.objects.filter(kind="holidays_proposed").count() == 1


def test_the_director_closes_a_day_that_hits_nobody_with_one_press(hub: Hub, directors: Client):
    proposing.propose(now=NOW)

    page = press(directors, see(directors, reverse("closures")), "Sluit: Koningsdag, dinsdag 27 april 2027")

    assert "Gesloten: Koningsdag." in page.text
    assert Closure.objects.get().period == between("2027-04-27 00:00", "24:00")
    assert HolidayProposal.objects.get(name="Koningsdag").state == "accepted"


def test_a_day_that_hits_somebody_shows_whom_first(hub: Hub, directors: Client):
    cast.rate(hub)
    person, party = cast.zzper(hub)
    held = reserving.hold(
        cast.space(hub),
        period=between("2027-04-27 09:00", "12:00"),
        party=party,
        by=person,
        key=cast.uuid4(),
        now=NOW,
    )
    booking = reserving.confirm(held, now=NOW)
    proposing.propose(now=NOW)

    check = press(directors, see(directors, reverse("closures")), "Sluit: Koningsdag")
    done = press(directors, check, "Sluit, en doe wat hierboven staat")

    assert "Praktijk Anna de Vries" in check.text
    assert "Gesloten: Koningsdag." in done.text
    booking.refresh_from_db()
    assert (booking.state, HolidayProposal.objects.get(name="Koningsdag").state) == ("cancelled", "accepted")


def test_open_after_all_and_closed_after_all(hub: Hub, director: User, directors: Client):
    proposing.propose(now=NOW)
    open_day = press(directors, see(directors, reverse("closures")), "Blijf open: Koningsdag")
    shut = press(directors, open_day, "Sluit: Koningsdag")
    again = press(directors, shut, "Weer open")

    assert "Koningsdag" in again.text
    assert "blijft open" in again.text
    assert (Closure.objects.count(), HolidayProposal.objects.get(name="Koningsdag").state) == (0, "declined")


def test_reception_sees_the_days_and_leaves_the_choice_to_the_director(hub: Hub, client: Client):
    proposing.propose(now=NOW)
    client.force_login(cast.staff(hub, Role.RECEPTION))
    with time_machine.travel(NOW, tick=False):
        page = see(client, reverse("closures"))
        proposal = HolidayProposal.objects.first()
        refused = client.post(reverse("holiday-accept", args=[proposal.pk]))

    assert "De directeur beslist." in page.text
    assert refused.status_code == 403


def test_another_hubs_director_does_not_reach_it(hub: Hub, client: Client):
    proposing.propose(now=NOW)
    closure = closing_off.close(
        proposing.wish_of(HolidayProposal.objects.first()), seen=(), by=cast.staff(hub), now=NOW
    )
    client.force_login(cast.staff(cast.hub("elders"), Role.DIRECTOR))
    proposal = HolidayProposal.objects.filter(hub=hub).last()

    with time_machine.travel(NOW, tick=False):
        answers = [
            client.post(reverse(name, args=[pk])).status_code
            for name, pk in [
                ("holiday-accept", proposal.pk), ("holiday-decline", proposal.pk), ("closure-reopen", closure.pk)
            ]
        ]  # fmt: skip

    assert answers == [404, 404, 404]
