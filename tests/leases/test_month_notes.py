"""What the page of a month says about rent before it is invoiced."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.leases import month_notes
from tests import cast
from tests.billing import books

pytestmark = pytest.mark.django_db
QUERIES = 8
DECEMBER = date(2026, 12, 1)


def told(hub, month: date = DECEMBER) -> list[str]:
    return [remark.text for remark in month_notes.notes(hub, month=month)]


def test_a_rent_that_should_have_been_indexed_is_named_before_it_is_invoiced() -> None:
    hub = books.hub()
    room = cast.space(hub, "201", area_m2=Decimal("50.00"))
    terms = {"indexing": "symmetric", "indexing_month": 7, "price_level_on": date(2025, 7, 1)}
    cast.lease(
        books.party(hub, "USG Restart"), rooms=[room], number="HC-2024-01", starts="2024-01-01", **terms
    )

    (words,) = told(hub)

    assert words.startswith("USG Restart, HC-2024-01: ")
    assert "should be indexed on 1 July 2026" in words
    assert not any("should be indexed" in words for words in told(hub, date(2026, 6, 1)))


def test_a_rent_without_a_clause_is_never_named() -> None:
    hub = books.hub()
    cast.lease(books.party(hub, "Accare"), rooms=[cast.space(hub, "101")], price_level_on=date(2018, 9, 1))

    assert told(hub) == []


def test_the_notes_take_the_same_queries_for_one_lease_and_for_three(django_assert_num_queries) -> None:
    for count in (1, 3):
        hub = books.hub(f"hub{count}", kvk=f"0001801{count}")
        for number in range(count):
            room = cast.space(hub, f"10{number}")
            terms = {"indexing": "symmetric", "indexing_month": 7, "price_level_on": date(2025, 7, 1)}
            cast.lease(books.party(hub, f"Huurder {number}"), rooms=[room], number=f"HC-{number}", **terms)
        with django_assert_num_queries(QUERIES):
            assert len(told(hub)) == count
