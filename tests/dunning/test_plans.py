"""A payment plan adds up to what is open, is kept, late or lapsed by what is paid, and while it runs nobody reminds."""

from datetime import date

import pytest

from tenants.billing import allocating, debiting, paying
from tenants.billing.dunning import plans
from tenants.billing.dunning.plans import PlanRefused
from tests import cast
from tests.billing import money
from tests.dunning.asking import eur, kinds, late, noon_of

pytestmark = pytest.mark.django_db(transaction=True)
FEBRUARY_4 = date(2024, 2, 4)
PARTS = [
    (date(2024, 2, 29), eur("33.34")),
    (date(2024, 3, 31), eur("33.33")),
    (date(2024, 4, 30), eur("33.33")),
]


@pytest.fixture
def party():
    return money.books_party()


@pytest.fixture
def clerk(party):
    return cast.staff(party.hub, "bookkeeper")


def agree(party, clerk, rows, parts=PARTS):
    return plans.agree(
        party, receivables=rows, instalments=parts, note="telefonisch", by=clerk, now=noon_of(FEBRUARY_4)
    )


def stands(party, day: date):
    return plans.of_hub(party.hub, today=day)[0]


def pay(party, rows, amount: str, day: date):
    payment = money.paid(party, amount, on=day)
    allocating.pay_off(payment, rows, rule="by_hand", now=cast.NOW)
    return payment


def test_equal_parts_a_month_apart_add_up_and_keep_to_the_end_of_the_month() -> None:
    parts = plans.monthly(eur("100.00"), first=date(2023, 12, 31), count=3)
    assert parts == [
        (date(2023, 12, 31), eur("33.34")), (date(2024, 1, 31), eur("33.33")), (date(2024, 2, 29), eur("33.33")),
    ]  # fmt: skip


def test_a_plan_is_kept_late_lapsed_and_paid_by_what_comes_in(party, clerk) -> None:
    rows = [late(party, "60.00"), late(party, "40.00")]
    agree(party, clerk, rows)
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 14), date(2024, 3, 15)]
    assert [stands(party, day).course for day in days] == ["running", "late", "late", "lapsed"]
    assert [kinds(party, day) for day in days] == [[], [], [], ["reminder"]]

    payment = pay(party, rows, "40.00", date(2024, 3, 5))
    now = stands(party, date(2024, 3, 15))
    assert (now.course, [part.left for part in now.instalments]) == (
        "running",
        [0, eur("26.67"), eur("33.33")],
    )
    paying.reverse(payment, on=date(2024, 3, 16), reason="storno", now=cast.NOW)
    assert stands(party, date(2024, 3, 16)).course == "lapsed"
    pay(party, rows, "100.00", date(2024, 4, 1))
    assert stands(party, date(2024, 4, 1)).course == "kept"


def test_what_is_ended_is_reminded_of_again(party, clerk) -> None:
    plan = agree(party, clerk, [late(party)])
    assert kinds(party, FEBRUARY_4) == []
    plans.end(plan, now=noon_of(FEBRUARY_4))
    plans.end(plan, now=noon_of(date(2024, 2, 6)))
    plan.refresh_from_db()
    assert (plan.ended_on, kinds(party, FEBRUARY_4)) == (FEBRUARY_4, ["reminder"])


def test_what_is_in_a_plan_is_not_collected_by_direct_debit_either(party, clerk) -> None:
    for name, value in {
        "payment_method": "automatische incasso",
        "iban": "NL91ABNA0417164300",
        "mandate_reference": "M-1",
        "mandate_signed_on": date(2023, 1, 1),
    }.items():
        setattr(party, name, value)
    party.save()
    planned, other = late(party), late(party, "7.00")
    agree(party, clerk, [planned])
    due = debiting.due(party.hub, collect_on=date(2024, 2, 12), scheme="CORE", today=FEBRUARY_4)
    assert [each.receivable for each in due] == [other]


def test_a_plan_that_does_not_add_up_is_refused(party, clerk) -> None:
    row = late(party)
    wrong = [
        PARTS[:2],
        [(date(2024, 2, 3), eur("100.00"))],
        [(date(2024, 3, 1), eur("50.00")), (date(2024, 3, 1), eur("50.00"))],
        [(date(2024, 3, 1), eur("150.00")), (date(2024, 4, 1), eur("-50.00"))],
        [],
    ]
    for parts in wrong:
        with pytest.raises(PlanRefused):
            agree(party, clerk, [row], parts)
    with pytest.raises(PlanRefused):
        agree(party, clerk, [])
    agree(party, clerk, [row])
    with pytest.raises(PlanRefused):
        agree(party, clerk, [row])
