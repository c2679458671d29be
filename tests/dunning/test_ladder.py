"""Which letter is next: each step once, never a step back, and who starts late starts with a reminder."""

from datetime import date, timedelta

import pytest

from tenants.billing.dunning import ladder
from tenants.billing.dunning.ladder import SEEDS, Kind, Rung, Taken
from tenants.billing.dunning.refusals import DunningRefused
from tests import cast

STEPS = [Rung(kind, days) for kind, days in SEEDS.items()]
DUE = date(2026, 11, 2)


def after(days: int, *taken: Taken, steps=STEPS) -> str | None:
    return ladder.next_step(steps, taken, due_on=DUE, today=DUE + timedelta(days=days))


def was(kind: str, days: int, within: int = 6) -> Taken:
    sent = DUE + timedelta(days=days)
    return Taken(kind, sent, sent + timedelta(days=within))


def test_the_ladder_of_somebody_who_is_reminded_in_time() -> None:
    notice, reminder, second = was("notice", -3), was("reminder", 3), was("second", 14)
    assert [after(days) for days in (-4, -3, 0, 1, 2, 3)] == [
        None,
        "notice",
        "notice",
        None,
        None,
        "reminder",
    ]
    assert [after(days, notice) for days in (-2, 0, 2, 3)] == [None, None, None, "reminder"]
    assert [after(days, reminder) for days in (4, 13, 14)] == [None, None, "second"]
    assert [after(days, reminder, second) for days in (14, 20, 21)] == [None, None, "formal"]
    assert after(200, reminder, second, was("formal", 21, 16)) is None


@pytest.mark.parametrize("late", [40, 300])
def test_who_starts_late_gets_a_reminder_first_and_then_the_days_of_the_ladder(late: int) -> None:
    reminder = was("reminder", late, 7)
    second = was("second", late + 11)
    assert after(late) == "reminder"
    assert [after(late + days, reminder) for days in (0, 10, 11)] == [None, None, "second"]
    assert [after(late + days, reminder, second) for days in (11, 17, 18)] == [None, None, "formal"]


def test_a_letter_waits_until_the_time_that_the_last_one_gave_is_over() -> None:
    assert [after(days, was("reminder", 3, 30)) for days in (14, 33, 34)] == [None, None, "second"]


def test_without_the_second_reminder_the_formal_letter_comes_after_the_first() -> None:
    steps = [Rung(rung.kind, rung.days, rung.kind != Kind.SECOND) for rung in STEPS]
    assert (after(50, steps=steps), after(20, was("reminder", 3), steps=steps)) == ("reminder", None)
    assert after(21, was("reminder", 3), steps=steps) == "formal"


def test_a_step_switched_on_later_is_no_step_back() -> None:
    assert after(60, was("reminder", 3), was("formal", 21, 16)) is None


def test_what_was_handed_over_gets_no_letter() -> None:
    assert after(60, was("reminder", 3), was("handover", 45)) is None


def test_the_fourteen_days_count_from_the_day_after_a_letter_by_post_arrives_and_end_on_a_bank_day() -> None:
    by = ladder.pay_by(STEPS, "formal", due_on=DUE, today=date(2026, 11, 23))
    assert by == date(2026, 12, 9)
    assert ladder.pay_by(STEPS, "formal", due_on=DUE, today=date(2026, 11, 26)) == date(2026, 12, 14)


def test_a_reminder_gives_a_week_and_ends_before_the_next_letter() -> None:
    today = date(2026, 11, 5)
    given = [
        (ladder.pay_by(STEPS, kind, due_on=DUE, today=today) - today).days for kind in ("reminder", "second")
    ]
    assert given == [7, 6]
    assert ladder.pay_by(STEPS, "notice", due_on=DUE, today=today) == DUE


@pytest.mark.django_db(transaction=True)
def test_the_ladder_is_a_setting_with_an_order_and_time_between() -> None:
    hub = cast.hub()
    assert [rung.days for rung in ladder.rungs(hub)] == [-3, 3, 14, 21, 45]

    def wanted(**days: int) -> list[Rung]:
        return [Rung(kind, days.get(kind, SEEDS[kind])) for kind in SEEDS]

    for wrong in (
        wanted(notice=1),
        wanted(reminder=0),
        wanted(second=5),
        wanted(formal=10),
        wanted(handover=22),
    ):
        with pytest.raises(DunningRefused):
            ladder.change(hub, wrong)
    off = [Rung(rung.kind, rung.days, False) for rung in wanted(reminder=7)]
    ladder.change(hub, off)

    stored = {rung.kind: (rung.days, rung.active) for rung in ladder.rungs(hub)}
    assert stored["reminder"] == (7, True)
    assert (stored["notice"][1], stored["second"][1], stored["formal"][1]) == (False, False, True)
