"""A booking that changes after it was invoiced: the next invoice comes to what is right by then."""

from datetime import date
from decimal import Decimal

import pytest

from bookings import arriving
from bookings.terms import Terms
from spaces.models import Hub, Space
from tenants.billing import invoicing
from tenants.billing.models import Invoice
from tenants.parties.models import Party, User
from tests.billing import books
from tests.bookings.test_late_changes import (
    MORNING,
    ONE_HOUR,
    TWO_HOURS,
    anna,
    book,
    change,
    charged,
    hub,
    room,
)

__all__ = ["anna", "hub", "room"]
pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def invoiced(hub: Hub, *, month: date = books.NOVEMBER, now=books.DECEMBER_1) -> Invoice:
    run = books.approve_month(hub, month=month, now=now)
    invoicing.issue_approved(now=now)
    return run.invoices.get()


def test_a_no_show_noticed_after_the_invoice_and_undone_comes_to_the_same(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    hub.cancellation_steps.filter(hours_before=-1).update(percentage=80)
    booking = book(room, anna)
    first = invoiced(hub)

    arriving.no_show(booking, now=books.DECEMBER_1)
    missed = charged(booking)
    arriving.undo(booking)

    assert missed == [D("37.50"), D("-37.50"), D("30.00")]
    assert charged(booking) == [D("37.50")]
    assert first.gross == D("37.50")


def test_staff_put_right_what_is_on_an_invoice_and_the_next_one_settles_it(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)
    invoiced(hub)

    change(booking, TWO_HOURS, now=books.DECEMBER_1, terms=Terms.HOUSE)
    credit = invoiced(hub)

    assert charged(booking) == [D("37.50"), D("-37.50"), D("25.00")]
    assert (credit.gross, credit.is_credit_note) == (D("-12.50"), True)


def test_several_changes_with_an_invoice_after_each_add_up(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)
    totals = [invoiced(hub).gross]

    for period in (TWO_HOURS, ONE_HOUR, MORNING):
        change(booking, period, now=books.DECEMBER_1, terms=Terms.HOUSE)
        totals.append(invoiced(hub).gross)

    assert totals == [D("37.50"), D("-12.50"), D("-12.50"), D("25.00")]
    assert sum(charged(booking)) == D("37.50")


def test_the_desk_gives_nothing_back_of_what_is_over_by_the_agreed_steps(
    hub: Hub, room: Space, anna: tuple[User, Party]
) -> None:
    booking = book(room, anna)
    invoiced(hub)

    change(booking, TWO_HOURS, now=books.DECEMBER_1, terms=Terms.DESK)

    assert sum(charged(booking)) == D("37.50")
