"""Leases change by dated deeds: what was agreed stays, what was charged is put right, what is shown is what is done."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from spaces.models import Claim
from spaces.wording import NBSP
from tenants.billing.models import Charge
from tenants.leases import charging_rent, invariants, renting, sharing, terms
from tenants.leases.contracts import drafts, previewing, refusals
from tenants.leases.models import Lease, LeaseDraft, LeaseTerms, ServiceType
from tests import cast
from tests.cast import NOW
from tests.leases.agreeing import change, draft, look, money

pytestmark = pytest.mark.django_db(transaction=True)


class Place:
    """Accare rents B03 (100 m²) at € 138 until August 2028; B04 (50 m²) is empty."""

    def __init__(self) -> None:
        self.hub = cast.hub()
        self.director = cast.staff(self.hub)
        self.rooms = [
            cast.space(self.hub, "B03", area_m2=Decimal(100)), cast.space(self.hub, "B04", area_m2=Decimal(50))
        ]  # fmt: skip
        _user, self.party = cast.tenant(self.hub, "Accare")
        self.lease = cast.lease(self.party, rooms=self.rooms[:1])
        renting.claim(self.lease, now=NOW)

    def change(self, deed, **told):
        return change(self.lease, deed, by=self.director, **told)

    def look(self, deed, **told):
        return look(self.lease, deed, by=self.director, **told)

    def charge(self, month="2026-12-01"):
        charging_rent.post_month(self.hub, month=date.fromisoformat(month), now=NOW)

    def rooms_of(self, day):
        return [pk for pk, in Claim.objects.filter(active=True, starts_at__lte=cast.at(f"{day} 12:00"))
                .exclude(ends_at__lte=cast.at(f"{day} 12:00")).order_by("space__code").values_list("space__code")]  # fmt: skip


@pytest.fixture
def place(transactional_db, _english) -> Place:
    with transaction.atomic():
        return Place()


def test_another_rent_counts_from_its_day_and_the_old_one_stays(place):
    place.change(
        "price", starts_on="2027-01-01", amount="15000", per="year", leading="year", why="brief 12-11"
    )

    rows = [(row.starts_on.isoformat(), row.kind, row.yearly) for row in place.lease.terms.all()]
    assert rows == [
        ("2018-09-01", "signed", Decimal("13800.00")),
        ("2027-01-01", "amended", Decimal("15000.00")),
    ]
    assert terms.on(place.lease, date(2026, 12, 31)).yearly == Decimal("13800.00")
    assert terms.on(place.lease, date(2027, 1, 1)).rent_per_m2_year == Decimal("150.0000")


def test_the_preview_says_in_words_and_euros_what_changes_and_stores_nothing(place):
    place.charge()
    seen = place.look("price", starts_on="2026-12-01", amount="150", per="m2", leading="year")

    assert [(row.name, row.before[0], row.after[0]) for row in seen.differences] == [
        ("Rent", f"€{NBSP}13.800,00 per year excl. VAT", f"€{NBSP}15.000,00 per year excl. VAT")
    ]
    first = money(seen)[0]
    assert first == ("2026-12-01", "2026-12-31", Decimal("1150.00"), Decimal("1250.00"), True)
    assert seen.back == Decimal("100.00")
    assert LeaseTerms.objects.count() == 1
    assert [charge.net for charge in Charge.objects.all()] == [Decimal("1150.00")]


def test_what_is_done_is_what_was_shown(place):
    place.charge()
    place.change("price", starts_on="2026-12-01", amount="150", per="m2", leading="year")

    assert sum(charge.net for charge in Charge.objects.all()) == Decimal("1250.00")


def test_a_step_agreed_ahead_keeps_its_rent_when_something_else_changes(place):
    place.change("price", starts_on="2027-07-01", amount="16000", per="year", leading="year", agreed="step")
    place.change("notice", starts_on="2027-01-01", notice_months=6)

    later = terms.on(place.lease, date(2027, 7, 1))
    assert (later.kind, later.yearly, later.notice_months) == ("step", Decimal("16000.00"), 6)


def test_a_room_added_mid_month_is_claimed_and_charged_from_that_day(place):
    place.charge()
    room = [[each.pk, str(each.area_m2)] for each in place.rooms]
    seen = place.look("rooms", starts_on="2026-12-15", rooms=room)
    place.change("rooms", starts_on="2026-12-15", rooms=room)

    assert money(seen)[0][:4] == ("2026-12-01", "2026-12-31", Decimal("1150.00"), Decimal("1465.32"))
    assert place.rooms_of("2026-12-14") == ["B03"]
    assert place.rooms_of("2026-12-15") == ["B03", "B04"]
    assert sum(charge.net for charge in Charge.objects.all()) == Decimal("1465.32")
    assert [look.look(NOW).broken for look in invariants.INVARIANTS] == [[]] * len(invariants.INVARIANTS)


def test_a_room_given_up_is_free_from_that_day_on(place):
    both = [[each.pk, str(each.area_m2)] for each in place.rooms]
    place.change("rooms", starts_on="2027-01-01", rooms=both)
    place.change("rooms", starts_on="2027-02-16", rooms=both[1:])

    assert [place.rooms_of(day) for day in ("2027-01-01", "2027-02-15", "2027-02-16")] == [
        ["B03", "B04"], ["B03", "B04"], ["B04"],
    ]  # fmt: skip
    assert terms.on(place.lease, date(2027, 2, 16)).yearly == Decimal("6900.00")
    assert [look.look(NOW).broken for look in invariants.INVARIANTS] == [[]] * len(invariants.INVARIANTS)


def test_a_lease_keeps_a_room_and_changes_of_rooms_are_agreed_in_order(place):
    both = [[each.pk, str(each.area_m2)] for each in place.rooms]
    with pytest.raises(refusals.NoRooms):
        place.change("rooms", starts_on="2027-01-01", rooms=[])
    with pytest.raises(refusals.SameRooms):
        place.change("rooms", starts_on="2027-01-01", rooms=both[:1])
    place.change("rooms", starts_on="2027-03-01", rooms=both)
    with pytest.raises(refusals.LaterRooms):
        place.change("rooms", starts_on="2027-02-01", rooms=both[1:])


def test_a_third_from_a_day_on_is_a_third_to_the_cent(place):
    names = ["GGD", "Tactus"]
    others = [cast.tenant(place.hub, name)[1] for name in names]
    parties = [place.party, *others]
    place.charge("2027-01-01")
    place.change("payers", starts_on="2027-01-01", payers=[[party.pk, "1/3"] for party in parties])

    assert sharing.payers(place.lease, date(2026, 12, 31)) == [(place.party, 1)]
    owed = {party.name: sum(c.net for c in Charge.objects.filter(party=party)) for party in parties}
    assert owed == {"Accare": Decimal("1533.34"), "GGD": Decimal("383.33"), "Tactus": Decimal("383.33")}


def test_parts_that_are_not_one_are_refused(place):
    with pytest.raises(refusals.PartsNotOne):
        place.change("payers", starts_on="2027-01-01", payers=[[place.party.pk, "1/3"]])


def test_rent_free_time_is_a_discount_and_can_be_stopped(place):
    place.change("discount", starts_on="2027-01-01", last="2027-03-31", percentage="100")
    row = place.lease.discounts.get()
    with pytest.raises(refusals.DiscountThere):
        place.change("discount", starts_on="2027-03-01", last="2027-04-30", percentage="50")
    place.change("stop_discount", row=row.pk, starts_on="2027-02-01")

    row.refresh_from_db()
    assert (row.ends_on.isoformat(), place.lease.terms.count()) == ("2027-01-31", 1)


def test_service_charges_change_by_type_from_a_day_on(place):
    heat = ServiceType.objects.create(hub=place.hub, name_nl="Warmte", name_en="Heating")
    place.change("advances", starts_on="2027-01-01", advances=[[heat.pk, "120.00"]])
    place.change("advances", starts_on="2027-07-01", advances=[[heat.pk, "140.00"]])

    rows = [(str(r.starts_on), str(r.ends_on), r.per_month) for r in place.lease.advances.all()]
    assert rows == [("2027-01-01", "2027-06-30", Decimal(120)), ("2027-07-01", "None", Decimal(140))]


@pytest.mark.parametrize("position", ["vrijgesteld (zorg)", "KOR"])
def test_taxed_letting_is_refused_to_who_may_not_opt(place, position):
    place.party.vat_position = position
    place.party.save()

    with pytest.raises(refusals.NotToBeTaxed, match="Accare"):
        place.change("vat", **OPTED)


def test_taxed_letting_needs_all_four_and_counts_from_its_day(place):
    with pytest.raises(refusals.OptionIncomplete):
        place.change("vat", **OPTED | {"option_book_year": ""})
    place.charge()
    seen = place.look("vat", **OPTED)
    place.change("vat", **OPTED)

    assert (seen.instalments[0].before.gross, seen.instalments[0].after.gross) == (
        Decimal("1150.00"),
        Decimal("1391.50"),
    )
    assert {c.vat_treatment for c in Charge.objects.filter(credits=None)} == {"opted_rent"}


OPTED = {
    "starts_on": "2026-12-01", "vat_treatment": "opted_rent", "option_choice": "artikel 4.2",
    "option_description": "Zorgplein 1, Hardenberg A 123", "option_book_year": "1 januari",
    "option_declared_on": "2026-11-01",
}  # fmt: skip


def test_a_guarantee_is_kept_with_its_dates(place):
    place.change(
        "security",
        security_kind="guarantee",
        security_amount="5000",
        issuer="Rabobank",
        expires_on="2028-11-30",
    )
    row = place.lease.securities.get()
    place.change("security_dates", row=row.pk, issuer="Rabobank", received_on="2026-11-20", expires_on="2029-11-30",
                 returned_on="")  # fmt: skip

    row.refresh_from_db()
    assert (row.amount, str(row.expires_on), str(row.received_on), row.returned_on) == (
        Decimal(5000), "2029-11-30", "2026-11-20", None,
    )  # fmt: skip


def test_ending_early_frees_the_rooms_and_gives_back_what_was_charged(place):
    place.charge()
    seen = place.look("end", last="2026-12-15")
    place.change("end", last="2026-12-15", why="verhuizing")

    assert seen.back == Decimal("-593.55")
    assert sum(c.net for c in Charge.objects.all()) == Decimal("556.45")
    assert place.rooms_of("2026-12-16") == []
    assert Lease.objects.get().ends_on == date(2026, 12, 15)


def test_renewing_claims_on_and_may_change_the_rent(place):
    with pytest.raises(refusals.EndsNoLater):
        place.change("renew", last="2028-08-31")
    place.change("renew", last="2033-08-31", amount="150", per="m2", leading="year")

    assert place.rooms_of("2030-01-01") == ["B03"]
    assert terms.on(place.lease, date(2028, 9, 1)).yearly == Decimal("15000.00")
    assert terms.on(place.lease, date(2028, 8, 31)).yearly == Decimal("13800.00")


def test_a_day_outside_the_term_is_refused(place):
    for day in ("2018-08-31", "2028-09-01"):
        with pytest.raises(refusals.OutsideTheTerm):
            place.change("price", starts_on=day, amount="1", per="year", leading="year")


def test_the_same_press_twice_is_one_deed(place):
    made = draft(place.lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=6)
    for _press in range(2):
        drafts.confirm(made, by=place.director, now=NOW)

    assert place.lease.terms.count() == 2


def test_who_comes_second_sees_both_versions_and_decides(place):
    first = draft(place.lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=6)
    second = draft(place.lease, "notice", by=place.director, starts_on="2027-01-01", notice_months=3)
    drafts.confirm(first, by=place.director, now=NOW)

    with pytest.raises(refusals.Overtaken):
        drafts.confirm(second, by=place.director, now=NOW)
    with pytest.raises(refusals.Overtaken):
        previewing.preview(second, by=place.director, now=NOW)
    drafts.look_again(second, now=NOW)
    drafts.confirm(LeaseDraft.objects.get(pk=second.pk), by=place.director, now=NOW)

    assert terms.on(place.lease, date(2027, 1, 1)).notice_months == 3
    with translation.override("en"):
        assert terms.on(place.lease, date(2026, 12, 31)).notice_months == 0
