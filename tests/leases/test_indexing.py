"""Indexing the rents of a hub: what is proposed, what is asked for, and what follows when the director agrees."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from spaces.explaining import sentence, tell
from tenants.billing.models import Charge
from tenants.leases import charging_rent, cpi, terms
from tenants.leases.indexing import applying, proposing
from tenants.leases.indexing.applying import Back, Wish
from tenants.leases.indexing.refusals import BackPayUnsaid, IndexChanged, NotTheFirst
from tenants.leases.models import Indexation, LeaseTerms
from tenants.parties.models import Letter
from tests import cast
from tests.cast import NOW
from tests.leases import figures
from tests.leases.figures import written

pytestmark = pytest.mark.django_db(transaction=True)
JULY, JANUARY = date(2026, 7, 1), date(2027, 1, 1)
CLAUSE = {
    "indexing": "symmetric",
    "indexing_month": 7,
    "price_level_on": date(2025, 7, 1),
    "yearly": Decimal("20553.75"),
    "rent_per_m2_year": Decimal(145),
    "area_m2": Decimal("141.75"),
}


@pytest.fixture
def hub():
    figures.load()
    return cast.hub()


@pytest.fixture
def usg(hub):
    """The lease of USG Restart, whose indexation of July 2026 was forgotten."""
    party = cast.party(hub, "USG Restart", kind="organisation", kvk="00018103")
    return cast.lease(party, starts="2024-01-01", ends="2028-12-31", number="HC-2024-01", **CLAUSE)


def look(hub, on=JULY, **wish):
    return proposing.propose(hub, on=on, now=NOW, **wish)


def agree(hub, on=JULY, *, back=Back.UNSAID, **wish):
    seen = {row.lease.pk: row.seen for row in look(hub, on, **wish).ready}
    return applying.apply(hub, on=on, seen=seen, wish=Wish(back, **wish), by=None, now=NOW)


def rents(lease):
    return [(row.starts_on, row.kind, row.yearly) for row in terms.history(lease)]


def test_the_proposal_has_both_figures_the_formula_and_what_it_comes_to(hub, usg):
    (row,) = look(hub).ready

    assert (row.pair.old.value, row.pair.new.value, row.pair.base) == (
        Decimal("99.09"), Decimal("101.75"), "2025=100",
    )  # fmt: skip
    assert (row.outcome.new, row.difference) == (Decimal("21105.50"), Decimal("551.75"))
    assert (row.old_per_month, row.new_per_month) == (Decimal("1712.81"), Decimal("1758.79"))
    assert tell(row.calculation) == (
        "€\xa020.553,75 × 101,75 (March 2026) ÷ 99,09 (March 2025) = €\xa021.105,50 a year. "
        "Index: CBS consumer prices, all households, 2025=100, definitive figures."
    )


def test_a_forgotten_indexation_is_found_also_when_another_day_is_looked_at(hub, usg):
    found = look(hub, JANUARY)

    assert [(each.lease, each.on) for each in found.forgotten] == [(usg, JULY)]
    assert [each.reason for each in found.not_now] == ["Its month of indexation is July."]
    assert [moment.on for moment in proposing.moments(hub, now=NOW)] == [JULY, date(2027, 7, 1)]


def test_a_figure_that_is_missing_is_named_and_nothing_is_guessed(hub):
    cast.lease(cast.party(hub), **CLAUSE | {"indexing_month": 1, "price_level_on": date(2026, 1, 1)})

    (row,) = look(hub, JANUARY).rows

    assert (row.outcome, row.missing) == (
        None,
        "The index figure of September 2026 (2025=100) is missing. Load a file that has it.",
    )
    assert agree(hub, JANUARY) == []


def test_a_provisional_figure_is_not_used(hub):
    cast.lease(cast.party(hub), **CLAUSE | {"indexing_month": 9, "price_level_on": date(2025, 9, 1)})

    (row,) = look(hub, date(2026, 9, 1)).rows

    assert row.missing.startswith("The index figure of May 2026 (2025=100) is still provisional: 103,01.")


def test_figures_on_two_bases_are_not_mixed(hub):
    cpi.store(
        written("2022-10,1995=100,190.10,definitief,x", "2030-01,1995=100,220.00,definitief,x"), now=NOW
    )
    cast.lease(cast.party(hub), **CLAUSE | {"indexing_month": 2, "price_level_on": date(2023, 2, 1)})

    (row,) = look(hub, date(2024, 2, 1), base="1995=100").rows

    assert row.outcome is not None
    assert row.pair.base == "2025=100"


def test_where_two_bases_have_both_figures_the_newest_is_used_unless_another_is_chosen(hub):
    cast.lease(
        cast.party(hub), **CLAUSE | {"indexing_month": 1, "price_level_on": date(2023, 1, 1), "yearly": 19575}
    )

    (row,) = look(hub, date(2024, 1, 1)).rows
    (other,) = look(hub, date(2024, 1, 1), base="2015=100").rows

    assert (row.pair.base, row.outcome.new) == ("2025=100", Decimal("19618.57"))
    assert [(base, it.new) for base, it in row.others] == [("2015=100", Decimal("19616.65"))]
    assert (other.pair.base, other.outcome.new) == ("2015=100", Decimal("19616.65"))


def test_without_back_payment_the_new_rent_begins_with_the_first_month_nobody_was_charged_for(hub, usg):
    (made,) = agree(hub, back=Back.NOT_ASKED)

    assert rents(usg) == [
        (date(2024, 1, 1), "signed", Decimal("20553.75")),
        (date(2026, 12, 1), "indexed", Decimal("21105.50")),
    ]
    assert (made.on, made.old_yearly, made.new_yearly) == (JULY, Decimal("20553.75"), Decimal("21105.50"))
    assert terms.on(usg, date(2026, 12, 1)).rent_per_m2_year == Decimal("148.8924")
    assert terms.on(usg, date(2026, 12, 1)).price_level_on == JULY
    assert not Charge.objects.filter(source__startswith="indexation:").exists()


def test_back_payment_of_the_old_books_is_a_charge_for_each_month_that_says_why(hub, usg):
    agree(hub, back=Back.ASKED)

    charges = Charge.objects.filter(source__startswith="indexation:").order_by("starts_on")
    assert [charge.starts_on.month for charge in charges] == [7, 8, 9, 10, 11]
    assert sum(charge.net for charge in charges) == Decimal("229.90")  # 5/12 of 551.75, each month in cents
    assert "1.758,79" in tell(charges[0].reason)
    assert "101,75" in tell(charges[0].reason)
    assert rents(usg)[1] == (JULY, "indexed", Decimal("21105.50"))


def test_what_was_charged_here_follows_by_itself(hub):
    lease = cast.lease(
        cast.party(hub), starts="2024-01-01", charged_from=date(2026, 6, 1), **CLAUSE | {"yearly": 12000}
    )
    charging_rent.post_month(hub, month=date(2026, 9, 1), now=NOW)

    agree(hub, back=Back.ASKED)

    assert not Charge.objects.filter(source__startswith="indexation:").exists()
    found = Charge.objects.filter(source__startswith=f"lease:{lease.pk}:", starts_on__gte=JULY)
    new = lease.indexations.get().new_yearly
    assert abs(sum(charge.net for charge in found) - new / 4) <= Decimal("0.02")


def test_somebody_says_whether_back_payment_is_asked(hub, usg):
    with pytest.raises(BackPayUnsaid):
        agree(hub)

    assert not Indexation.objects.exists()


def test_applying_twice_changes_nothing(hub, usg):
    seen = {row.lease.pk: row.seen for row in look(hub).ready}
    wish = Wish(Back.ASKED)
    applying.apply(hub, on=JULY, seen=seen, wish=wish, by=None, now=NOW)
    before = (rents(usg), Charge.objects.count(), Letter.objects.count())

    assert applying.apply(hub, on=JULY, seen=seen, wish=wish, by=None, now=NOW) == []

    assert (rents(usg), Charge.objects.count(), Letter.objects.count()) == before
    assert [each.lease for each in look(hub).done] == [usg]


def test_what_was_seen_is_what_is_done(hub, usg):
    seen = {row.lease.pk: row.seen for row in look(hub).ready}
    cpi.store_and_replace(written("2026-03,2025=100,101.85,definitief,CBS"), now=NOW)

    with pytest.raises(IndexChanged):
        applying.apply(hub, on=JULY, seen=seen, wish=Wish(Back.ASKED), by=None, now=NOW)


def test_a_lease_of_another_hub_is_not_indexed(hub, usg):
    other = cast.hub("ander")
    seen = {row.lease.pk: row.seen for row in look(hub).ready}

    assert applying.apply(other, on=JULY, seen=seen, wish=Wish(Back.ASKED), by=None, now=NOW) == []


def test_terms_agreed_for_a_later_day_follow_and_say_so(hub, usg):
    later(usg, date(2026, 10, 1), kind="rooms", yearly=Decimal("22003.75"), area_m2=Decimal("151.75"))
    later(usg, date(2027, 7, 1), kind="renewed", yearly=Decimal("25000.00"), price_level_on=date(2027, 7, 1))

    (row,) = look(hub).ready
    assert [(each.terms.starts_on, each.outcome.new) for each in row.later] == [
        (date(2026, 10, 1), Decimal("22594.42"))
    ]
    agree(hub, back=Back.ASKED)

    assert rents(usg)[1:] == [
        (JULY, "indexed", Decimal("21105.50")),
        (date(2026, 10, 1), "rooms", Decimal("22594.42")),
        (date(2027, 7, 1), "renewed", Decimal("25000.00")),
    ]
    assert tell(terms.on(usg, date(2026, 10, 1)).explanation).startswith(
        "other Follows the indexation of 1 July 2026: €\xa022.003,75 × 101,75"
    )


def test_a_chain_of_forgotten_years_goes_one_after_the_other(hub):
    lease = cast.lease(
        cast.party(hub), starts="2023-07-01", **CLAUSE | {"price_level_on": date(2023, 7, 1), "yearly": 20000}
    )
    found = [date(2024, 7, 1), date(2025, 7, 1), JULY]
    assert [each.on for each in proposing.moments(hub, now=NOW) if each.on <= NOW.date()] == found
    assert look(hub).ready[0].earlier == found[:2]

    for on in found:
        agree(hub, on, back=Back.NOT_ASKED)

    in_turn = Decimal(20000)
    for row in lease.indexations.order_by("on"):
        in_turn = (in_turn * row.new_value / row.old_value).quantize(Decimal("0.01"))
        assert row.new_yearly == in_turn
    assert terms.on(lease, date(2026, 12, 1)).yearly == in_turn


def test_a_rent_less_than_a_year_old_and_one_without_a_clause_are_left_alone(hub):
    cast.lease(cast.party(hub), number="HC-1", **CLAUSE | {"price_level_on": date(2026, 2, 1)})
    cast.lease(cast.party(hub), number="HC-2")

    assert [each.reason for each in look(hub).not_now] == [
        "Its rent is of the price level of 1 February 2026, less than a year before.",
        "No indexation was agreed in this lease.",
    ]


def test_a_rent_is_indexed_from_the_first_of_a_month(hub):
    with pytest.raises(NotTheFirst):
        look(hub, date(2026, 7, 15))


def test_the_tenant_gets_one_letter_with_the_calculation_in_their_language(hub, usg):
    agree(hub, back=Back.ASKED)

    letter = Letter.objects.get(kind="indexation")
    assert letter.to_email == usg.party.email
    assert "€\xa020.553,75 × 101,75 (maart 2026) ÷ 99,09 (maart 2025) = €\xa021.105,50" in letter.text
    assert "€\xa0229,90" in letter.text


def test_who_shares_a_lease_shares_the_back_payment_to_the_cent(hub, usg):
    other = cast.party(hub, "Medehuurder")
    usg.shares.create(party=usg.party, numerator=2, denominator=3)
    usg.shares.create(party=other, numerator=1, denominator=3)

    agree(hub, back=Back.ASKED)

    charges = Charge.objects.filter(source__startswith="indexation:")
    assert sum(charge.net for charge in charges) == Decimal("229.90")
    assert {charge.party for charge in charges} == {usg.party, other}
    assert Letter.objects.filter(kind="indexation").count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_proposal_takes_the_same_number_of_queries_however_many_leases(
    hub, count, django_assert_num_queries
):
    for number in range(count):
        cast.lease(cast.party(hub, f"Huurder {number}"), number=f"HC-{number}", starts="2024-01-01", **CLAUSE)

    with django_assert_num_queries(7):
        assert len([(row.seen, row.calculation) for row in look(hub).ready]) == count


def later(lease, day, **changes):
    first = terms.history(lease)[0]
    fields = {f.attname for f in LeaseTerms._meta.concrete_fields if not f.primary_key}
    values = {name: getattr(first, name) for name in fields} | {"starts_on": day, **changes}
    with transaction.atomic():
        LeaseTerms.objects.create(**values | {"explanation": sentence("%(why)s", why="other")})
