"""Costs and interest are charged once, after the 14 days ran out, about what is not disputed; then it is handed over."""

import io
import zipfile
from datetime import date, timedelta

import pytest

from tenants.billing import allocating, archiving, locking
from tenants.billing.banking.matching import Register
from tenants.billing.books.invariants import INVARIANTS
from tenants.billing.dunning import charging_costs, handing_over, pausing
from tenants.billing.dunning.invariants import INVARIANTS as OF_COLLECTING
from tenants.billing.dunning.refusals import Changed, RateUnknown
from tenants.billing.models import Books, JournalEntry, Receivable, Reminder
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books, money
from tests.dunning.asking import DUE, eur, formally_reminded, kinds, late, noon_of, send

pytestmark = pytest.mark.django_db(transaction=True)
RAN_OUT = date(2024, 3, 12)
"""The 14-day letter of 22 February gives time until Monday 11 March."""


@pytest.fixture
def party():
    return money.books_party()


@pytest.fixture
def clerk(party):
    return cast.staff(party.hub, "bookkeeper")


def ready(party, day=RAN_OUT):
    return charging_costs.ready(party.hub, today=day)


def charge(party, clerk, day=RAN_OUT) -> Receivable:
    (wanted,) = ready(party, day)
    return charging_costs.charge(wanted, by=clerk, now=noon_of(day))


def test_costs_can_be_charged_the_day_after_the_letter_ran_out_and_once(party, clerk) -> None:
    row = late(party, "2500.00", number="2024-0012")
    formally_reminded(party, clerk)
    assert [len(ready(party, day)) for day in (date(2024, 3, 11), RAN_OUT)] == [0, 1]
    (wanted,) = ready(party)

    costs = charge(party, clerk)

    # 40 days at 12.5 % of 2,500 in a leap year
    assert (wanted.costs, wanted.interest) == (eur("375.00"), eur("34.15"))
    assert (costs.kind, costs.number, costs.about, costs.amount, costs.vat) == (
        "costs", f"KOSTEN-{row.pk:06}", row, eur("409.15"), 0,
    )  # fmt: skip
    assert JournalEntry.objects.filter(source=f"asked:{costs.pk}").count() == 1
    text = Letter.objects.get(kind="collection_costs").text
    assert "375,00" in text
    assert "34,15" in text
    assert costs.number in text
    assert ready(party) == []
    with pytest.raises(Changed):
        charging_costs.charge(wanted, by=clerk, now=noon_of(RAN_OUT))
    assert kinds(party, date(2024, 6, 1)) == []
    assert all(not each.look(cast.NOW).broken for each in INVARIANTS)


def test_a_transfer_that_names_the_costs_pays_the_costs(party, clerk) -> None:
    row = late(party, "2500.00", number="2024-0012")
    formally_reminded(party, clerk)
    costs = charge(party, clerk)
    register = Register.of(party.hub)
    texts = {
        costs.number: [costs],
        f"factuur 2024-0012 en {costs.number.lower()}": [row, costs],
        f"kosten {row.pk:06}": [costs],
        "2024 0012": [row],
    }
    for text, receivables in texts.items():
        assert [each for _rule, found in register.in_text(text) for each in found] == receivables


def test_costs_are_over_what_is_still_open_of_the_letter(party, clerk) -> None:
    paid, other = late(party, "2000.00"), late(party, "1000.00")
    formally_reminded(party, clerk)
    payment = money.paid(party, "2000.00", on=date(2024, 3, 1))
    allocating.pay_off(payment, [paid], rule="by_hand", now=cast.NOW)
    (wanted,) = ready(party)
    assert (wanted.principal, wanted.costs, wanted.about) == (eur("1000.00"), eur("150.00"), other)


def test_nothing_is_charged_for_what_is_disputed_paid_or_in_no_letter(party, clerk) -> None:
    row = late(party)
    assert ready(party) == []
    formally_reminded(party, clerk)
    dispute = pausing.pause(
        party, kind="dispute", receivable=row, reason="Was al afgezegd", by=clerk, now=noon_of(RAN_OUT)
    )
    assert ready(party) == []
    pausing.end(dispute, now=noon_of(RAN_OUT))
    assert len(ready(party)) == 1
    allocating.pay_off(money.paid(party), [row], rule="by_hand", now=cast.NOW)
    assert ready(party) == []


def test_an_unknown_rate_is_asked_for_and_nothing_is_charged(party, clerk) -> None:
    late(party)
    formally_reminded(party, clerk)
    (wanted,) = ready(party, date(2025, 1, 1))
    assert "1 januari 2025" in wanted.missing
    with pytest.raises(RateUnknown):
        charging_costs.charge(wanted, by=clerk, now=noon_of(date(2025, 1, 1)))
    assert not Receivable.objects.filter(kind="costs").exists()


def test_nothing_is_charged_on_a_day_that_is_closed(party, clerk) -> None:
    late(party)
    formally_reminded(party, clerk)
    Books.objects.update_or_create(hub=party.hub, defaults={"locked_until": RAN_OUT})
    with pytest.raises(locking.BooksLocked):
        charge(party, clerk)
    assert not Receivable.objects.filter(kind="costs").exists()


def test_what_stays_unpaid_is_handed_over_with_its_papers_and_gets_no_letter_any_more(party, clerk) -> None:
    row = late(party, "2500.00", number="2024-0012")
    formally_reminded(party, clerk)
    costs = charge(party, clerk)
    day = DUE + timedelta(days=45)
    assert handing_over.ready(party.hub, today=day - timedelta(days=1)) == [
        item
        for item in handing_over.ready(party.hub, today=day - timedelta(days=1))
        if item.receivable == costs
    ]
    found = handing_over.ready(party.hub, today=day)
    assert [item.receivable for item in found] == [row, costs]

    with zipfile.ZipFile(io.BytesIO(archiving.zipped(handing_over.file(found)).read())) as archive:
        names = archive.namelist()
        listed = archive.read(names[0]).decode("utf-8-sig").splitlines()
    assert len(names) == 2
    assert len(listed) == 3
    assert "2024-0012" in listed[1]
    assert "375,00" in listed[1]

    keys = [item.receivable.pk for item in found]
    assert handing_over.hand_over(party.hub, keys, by=clerk, now=noon_of(day)) == 2
    with pytest.raises(Changed):
        handing_over.hand_over(party.hub, keys, by=clerk, now=noon_of(day))
    assert handing_over.ready(party.hub, today=day) == []
    assert [item.receivable for item in handing_over.handed_over(party.hub, today=day)] == [row, costs]
    assert send(party, day, clerk) == []


def test_at_night_it_is_found_when_a_letter_or_costs_came_too_soon(party, clerk) -> None:
    row = late(party)
    formal = Reminder.objects.create(
        receivable=row, kind="formal", sent_on=DUE, open_amount=100, pay_by=RAN_OUT, by=clerk, at=noon_of(DUE)
    )
    stranger = books.party(party.hub, "Een ander")
    Receivable.objects.create(
        hub=party.hub, party=stranger, kind="costs", number="KOSTEN-1", issued_on=formal.pay_by, due_on=RAN_OUT, net=40,
        amount=40, about=row,
    )  # fmt: skip
    assert [len(each.look(cast.NOW).broken) for each in OF_COLLECTING] == [1, 1, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_looking_at_costs_is_the_same_work_for_one_and_for_three(count, django_assert_num_queries) -> None:
    hub = books.hub()
    clerk = cast.staff(hub, "bookkeeper")
    parties = [books.party(hub, f"Partij {number}") for number in range(count)]
    for each in parties:
        late(each)
    formally_reminded(parties[0], clerk)
    charging_costs.ready(hub, today=RAN_OUT)
    with django_assert_num_queries(9):
        assert len(charging_costs.ready(hub, today=RAN_OUT)) == count
