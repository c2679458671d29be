"""Leases in a browser: agreed in steps, changed with a preview, made room for; on phone and desk, nl and en."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from tenants.leases import charging_rent, renting
from tenants.leases.contracts import drafts
from tenants.leases.models import BreakOption, Lease, Security, ServiceType
from tests import cast
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.cast import NOW
from tests.leases.agreeing import answers, draft, new
from tests.leases.half_days import arranged
from tests.presence.deeds import book

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param({"viewport": PHONE}, in_both_languages, "390", id="phone"),
    pytest.param({"viewport": DESK}, in_both_languages, "1280", id="desk"),
    pytest.param({"viewport": PHONE, "scripts": False}, unseen, "plain", id="no-javascript"),
]


class Place:
    """Accare rents B03 since 2018; GGD may rent B04; heating is paid in advance."""

    def __init__(self) -> None:
        self.hub = cast.hub()
        self.rooms = [cast.space(self.hub, "B03"), cast.space(self.hub, "B04"), cast.space(self.hub, "B05")]
        cast.rate(self.hub)
        cast.rate(self.hub, group="huurder")
        self.director = cast.staff(self.hub)
        self.accare, self.ggd = (cast.tenant(self.hub, name)[1] for name in ("Accare", "GGD IJsselland"))
        heat = ServiceType.objects.create(hub=self.hub, name_nl="Warmte", name_en="Heating")
        self.lease = cast.lease(self.accare, rooms=self.rooms[:1], notice_months=12)
        self.lease.advances.create(type=heat, per_month=Decimal(50), starts_on=date(2018, 9, 1))
        BreakOption.objects.create(lease=self.lease, ends_on=date(2027, 8, 31), notice_months=6)
        Security.objects.create(
            lease=self.lease, kind="guarantee", amount=5000, issuer="Rabobank", expires_on=date(2028, 11, 30)
        )
        with transaction.atomic():
            renting.claim(self.lease, now=NOW)


@pytest.fixture
def place(transactional_db) -> Place:
    return Place()


@pytest.mark.parametrize(("window", "look", "name"), LOOKS)
def test_the_director_agrees_a_lease_in_six_steps(place, visit, window, look, name):
    there: Visit = visit(place.director, **window)
    there.open("/beheer/contracten")
    look(there, f"{name}-leases")
    there.tap("button", "Nieuw contract")
    page = there.page
    page.get_by_label("Contractnummer").fill("HC-2027-1")
    page.get_by_label("Huurder", exact=True).select_option(label="GGD IJsselland")
    look(there, f"{name}-lease-1-who")
    page = there.page
    page.get_by_label("Contractnummer").fill("HC-2027-1")
    page.get_by_label("Huurder", exact=True).select_option(label="GGD IJsselland")
    there.tap("button", "Volgende stap")
    there.sees("stap 2 van 6")
    look(there, f"{name}-lease-2-rooms")
    page.get_by_label("B04 Spreekkamer B04").first.check()
    there.tap("button", "Volgende stap")
    there.sees("stap 3 van 6")
    look(there, f"{name}-lease-3-term")
    page.get_by_label("Eerste dag").fill("2027-01-01")
    page.get_by_label("Laatste dag (niet verplicht)").fill("2031-12-31")
    page.get_by_label("Opzegtermijn in maanden").fill("12")
    there.tap("button", "Volgende stap")
    the_money(there, look, name)
    there.tap("button", "Bewaar het contract")
    there.sees("Het contract is bewaard.")
    look(there, f"{name}-lease-8-stored")
    assert Lease.objects.get(number="HC-2027-1").party == place.ggd


@pytest.mark.parametrize(("window", "look", "name"), LOOKS)
def test_the_director_changes_a_lease_and_sees_first_what_that_does(place, visit, window, look, name):
    charging_rent.post_month(place.hub, month=date(2026, 12, 1), now=NOW)
    there: Visit = visit(place.director, **window)
    there.open(f"/beheer/contracten/{place.lease.pk}")
    look(there, f"{name}-lease")
    there.tap("link", "Wijzig de ruimtes")
    look(there, f"{name}-lease-rooms")
    there.page.get_by_label("Vanaf welke dag?").fill("2026-12-15")
    there.page.get_by_label("B04 Spreekkamer B04").first.check()
    there.tap("button", "Toon wat er verandert")
    there.sees("al in rekening gebracht: wordt rechtgezet")
    look(there, f"{name}-lease-preview")
    there.tap("button", "Wijzig de ruimtes")
    there.sees("De ruimtes zijn gewijzigd.")
    there.open("/beheer/termijnen")
    look(there, f"{name}-deadlines")
    there.open(f"/beheer/contracten/{place.lease.pk}/document")
    look(there, f"{name}-lease-document")


@pytest.mark.parametrize(("window", "look", "name"), LOOKS)
def test_the_director_makes_room_and_sees_who_was_first(place, visit, window, look, name):
    book(place.rooms[1], "2027-01-12 09:00")
    arranged(place.accare, place.rooms[1])
    told = answers(place.ggd, place.rooms[0], place.rooms[1], number="HC-3")
    made = new(place.hub, told, by=place.director)
    there: Visit = visit(place.director, **window)
    there.open(f"/beheer/contracten/concept/{made.pk}")
    there.tap("link", "Bekijk wat er in de weg staat")
    there.sees("Een ruimte is maar één keer tegelijk verhuurd.")
    look(there, f"{name}-lease-blocked")
    drafts.answer(made, {"rooms": told["rooms"][1:]})
    there.open(f"/beheer/contracten/concept/{made.pk}/in-de-weg")
    look(there, f"{name}-lease-obstacles")
    there.page.get_by_label("Reden").fill("De ruimte is verhuurd")
    there.tap("button", "Doe dit en bewaar het contract")
    there.sees("Het contract is bewaard")
    mine = draft(place.lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=6)
    hers = draft(place.lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=3)
    drafts.confirm(hers, by=place.director, now=NOW)
    there.open(f"/beheer/contracten/concept/{mine.pk}")
    there.sees("Iemand anders heeft dit contract gewijzigd")
    look(there, f"{name}-lease-overtaken")


def the_money(there: Visit, look, name) -> None:
    """The last three steps: rent, service charges with VAT, indexation with security."""
    page = there.page
    there.sees("stap 4 van 6")
    look(there, f"{name}-lease-4-rent")
    page.get_by_label("Huur excl. btw").fill("142,50")
    there.tap("button", "Volgende stap")
    there.sees("stap 5 van 6")
    look(there, f"{name}-lease-5-costs")
    page.get_by_label("Warmte per maand").fill("60")
    there.tap("button", "Volgende stap")
    there.sees("stap 6 van 6")
    look(there, f"{name}-lease-6-security")
    page.get_by_label("Bedrag").fill("1000")
    there.tap("button", "Controleer het contract")
    there.sees("2.337,00 per jaar excl. btw")
    look(there, f"{name}-lease-7-check")
