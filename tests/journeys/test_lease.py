"""The director agrees a lease step by step, changes it, and finds who is in the way; in the words of the pages."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from spaces.models import Claim
from tenants.leases import renting
from tenants.leases.models import Lease, LeaseDraft, ServiceType
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book
from tests.journeys.reading import Page, press, see

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def director(place) -> Client:
    """Of a hub where Accare may rent and heating is a service."""
    place.user = cast.staff(place.hub)
    place.user.language = "en"
    place.user.save()
    place.tenant = cast.tenant(place.hub, "Accare")[1]
    place.other = cast.tenant(place.hub, "GGD")[1]
    place.heat = ServiceType.objects.create(hub=place.hub, name_nl="Warmte", name_en="Heating")
    return client_of(place.user)


def wizard(director: Client, place, **other: str) -> Page:
    """All six steps; returns the page that shows the whole lease."""
    page = press(director, see(director, "/beheer/contracten"), "New lease")
    steps = [
        {"number": "HC-7", "party-0": str(place.tenant.pk)},
        {f"room-{place.rooms[0].pk}": "on", f"area-{place.rooms[0].pk}": "16,40"},
        {"starts_on": "2027-01-01", "ends_on": "2031-12-31", "notice_months": "12"},
        {"amount": "142,50", "per": "m2", "leading": "year", "invoicing": "month", "pro_rata": "actual"},
        {"vat_treatment": "exempt_rent", f"advance-{place.heat.pk}": "50"},
        {"indexing": "symmetric", "indexing_month": "1", "security_kind": "guarantee", "security_amount": "1000",
         "expires_on": "2032-01-31"},
    ]  # fmt: skip
    for at, told in enumerate(steps):
        assert f"step {at + 1} of 6" in page.text, page.text
        page = press(director, page, "Check the lease" if at == 5 else "Next step", **told | other)
    return page


def test_a_lease_is_agreed_in_six_steps_and_shown_before_it_is_stored(director, place):
    page = wizard(director, place)

    assert page.heading.strip() == "Check the lease"
    assert "€ 2.337,00 per year excl. VAT" in page.text
    assert "Heating: € 50,00 per month excl. VAT" in page.text
    assert "1 January 2027 up to and including 31 December 2031" in page.text
    assert not Lease.objects.exists()

    page = press(director, page, "Store the lease")

    assert "The lease has been stored." in page.text
    assert "bank guarantee € 1.000,00" in page.text
    lease = Lease.objects.get()
    assert (lease.number, lease.party, lease.terms.get().yearly) == ("HC-7", place.tenant, Decimal("2337.00"))
    assert [claim.space for claim in Claim.objects.filter(holder=lease.holder, active=True)] == [
        place.rooms[0]
    ]


def test_several_tenants_a_discount_a_step_and_a_way_out_at_once(director, place):
    page = press(director, see(director, "/beheer/contracten"), "New lease")
    page = press(director, page, "Next step", **{
        "number": "HC-8", "party-0": str(place.tenant.pk), "part-0": "2/3", "party-1": str(place.other.pk), "part-1": "1/3",
    })  # fmt: skip
    page = press(
        director,
        page,
        "Next step",
        **{f"room-{place.rooms[0].pk}": "on", f"area-{place.rooms[0].pk}": "16.4"},
    )
    page = press(director, page, "Next step", starts_on="1-1-2027", ends_on="31-12-2031", notice_months="12",
                 break_on="31-12-2029", break_months="6", break_whose="tenant")  # fmt: skip
    page = press(director, page, "Next step", **{
        "amount": "1200", "per": "year", "leading": "year", "invoicing": "quarter", "pro_rata": "actual",
        "until-0": "31-3-2027", "percentage-0": "50", "from-0": "1-1-2028", "yearly-0": "1500",
    })  # fmt: skip
    page = press(director, page, "Next step", vat_treatment="exempt_rent")
    page = press(director, page, "Check the lease", indexing="none")

    for words in (
        "Accare pays 2/3", "GGD pays 1/3", "50 % off from 1 January 2027 up to and including 31 March 2027",
        "from 1 January 2028: € 1.500,00 per year (agreed step in the rent)",
        "on 31 December 2029, for the tenant; notice at the latest on 30 June 2029",
    ):  # fmt: skip
        assert words in page.text
    assert "stored" in press(director, page, "Store the lease").text


def test_a_mistake_is_said_at_the_step_and_nothing_is_lost(director, place):
    page = press(director, see(director, "/beheer/contracten"), "New lease")
    page = press(director, page, "Next step", number="", **{"party-0": str(place.tenant.pk)})

    assert (page.status, "Something is not right yet" in page.text) == (422, True)


def test_nobody_is_the_tenant_until_somebody_is_chosen(director, place):
    page = press(director, see(director, "/beheer/contracten"), "New lease")
    page = press(director, page, "Next step", number="HC-7")

    assert (page.status, "Tenant: This field is required." in page.text) == (422, True)


def test_who_is_in_the_way_is_moved_or_told_in_the_step_that_stores_the_lease(director, place):
    booking = book(place, start="2027-01-05 09:00", end="10:00")
    page = wizard(director, place)
    assert "1 other has these rooms in this time." in page.text
    page = see(director, page.links["See what is in the way"])

    assert "Move to" in page.text or "Is cancelled free of charge" in page.text
    refused = press(director, page, "Do this and store the lease", reden="")
    assert refused.status == 422
    assert not Lease.objects.exists()

    page = press(director, page, "Do this and store the lease", reden="De kamer is verhuurd")

    assert "The lease has been stored" in page.text
    booking.refresh_from_db()
    assert booking.state == "cancelled" or booking.space != place.rooms[0]
    assert "De kamer is verhuurd" in Letter.objects.filter(party=place.party).latest("pk").text


def test_another_lease_on_the_room_is_named_with_what_to_do(director, place):
    cast_lease = cast.lease(place.other, rooms=place.rooms[:1], number="HC-2")
    with transaction.atomic():
        renting.claim(cast_lease, now=cast.NOW)
    page = wizard(director, place)
    page = see(director, page.links["See what is in the way"])

    assert "A room is let once at a time." in page.text
    assert page.links["End earlier"] == f"/beheer/contracten/{cast_lease.pk}/wijzig/beeindigen"
    assert not Lease.objects.filter(number="HC-7").exists()
    assert "Do this and store the lease" not in page.text
    assert page.links["From when until when?"].endswith("/looptijd")


def test_a_change_is_shown_in_words_and_euros_then_stored(director, place):
    press(director, wizard(director, place), "Store the lease")
    lease = Lease.objects.get()
    page = see(director, f"/beheer/contracten/{lease.pk}/wijzig/huur")
    page = press(director, page, "Show what changes", starts_on="2027-07-01", amount="3000", per="year",
                 leading="year", agreed="amended")  # fmt: skip

    assert "From Thursday 1 July 2027 on." in page.text
    for words in ("€ 2.337,00 per year excl. VAT", "€ 3.000,00 per year excl. VAT", "€ 244,75", "€ 300,00"):
        assert words in page.text
    page = press(director, page, "Change the rent")
    assert "The rent has been changed." in page.text
    assert "Rent agreed anew" in page.text


def test_the_second_of_two_directors_sees_both_versions(director, place):
    press(director, wizard(director, place), "Store the lease")
    lease = Lease.objects.get()
    other = cast.staff(place.hub, name="Bea Baas")
    other.language = "en"
    other.save()
    address = f"/beheer/contracten/{lease.pk}/wijzig/opzegtermijn"
    mine = press(
        director, see(director, address), "Show what changes", starts_on="2027-01-01", notice_months="6"
    )
    hers = press(client_of(other), see(client_of(other), address), "Show what changes", starts_on="2027-01-01",
                 notice_months="3")  # fmt: skip
    press(client_of(other), hers, "Change the notice period")

    page = press(director, mine, "Change the notice period")
    assert (page.status, page.heading.strip()) == (409, "Somebody else changed this lease")
    for words in ("12 months", "3 months", "Bea Baas"):
        assert words in page.text
    page = press(director, page, "Show what my change does now")
    page = press(director, page, "Change the notice period")
    assert lease.terms.latest("pk").notice_months == 6


def test_a_draft_can_be_thrown_away_and_is_found_again(director, place):
    page = press(director, see(director, "/beheer/contracten"), "New lease")
    press(director, page, "Next step", number="HC-3", **{"party-0": str(place.tenant.pk)})
    page = see(director, "/beheer/contracten")

    assert "Lease HC-3" in page.text
    page = press(director, page, "Throw away")
    assert not LeaseDraft.objects.exists()
