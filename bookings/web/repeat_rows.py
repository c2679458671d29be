"""The dates of a plan as rows of a table: their state in words, who stands behind a clash, and what can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings import occupants
from bookings.repeating_change import Change, Step
from bookings.repeating_plan import SKIP, PlannedDate, Standing, Way, clock_of
from spaces.money import Euro
from tenants.parties.access import Actor

LOOKS = {
    Standing.FREE: ("free", "check"),
    Standing.TAKEN: ("taken", "lock"),
    Standing.CLOSED: ("warning", "tool"),
    Standing.REFUSED: ("warning", "warning"),
}


@dataclass(frozen=True)
class Choice:
    """One way out as a radio button."""

    value: str
    words: str
    price: Euro | None
    chosen: bool


@dataclass(frozen=True)
class PlanRow:
    """One date of the table."""

    date: PlannedDate
    look: str
    icon: str
    words: str
    who: str
    choices: list[Choice]

    @property
    def price(self) -> Euro | None:
        return self.date.chosen.quote.gross if self.date.chosen else None

    @property
    def name(self) -> str:
        """Of the field that says what to do with it."""
        return f"keuze-{self.date.key}"

    @property
    def left_out(self) -> bool:
        return self.date.chosen is None


def plan_rows(dates: Sequence[PlannedDate], *, actor: Actor) -> list[PlanRow]:
    """A row for each date; staff read who has it, others only that it is taken. Two queries at most."""
    claims = [claim for each in dates for claim in each.taken_by]
    known = occupants.of_claims(claims, actor=actor) if claims else {}
    rows = []
    for each in dates:
        look, icon = LOOKS[each.state]
        names = sorted({known[claim.holder].name for claim in each.taken_by})
        who = ", ".join(name for name in names if name != each.why)
        rows.append(PlanRow(each, look, icon, _words(each), who, _choices(each)))
    return rows


def _words(each: PlannedDate) -> str:
    return {
        Standing.FREE: _("free"), Standing.TAKEN: _("taken"), Standing.CLOSED: _("closed"),
        Standing.REFUSED: _("not possible"),
    }[each.state]  # fmt: skip


def _choices(each: PlannedDate, *, stays: bool = False) -> list[Choice]:
    if not each.ways:
        return []
    words = _("Leave the booking where it was") if stays else _("Leave this date out")
    skip = Choice(SKIP, words, None, each.chosen is None)
    return [
        skip,
        *(Choice(way.key, _said(way, each), way.quote.gross, way == each.chosen) for way in each.ways),
    ]


def _said(way: Way, each: PlannedDate) -> str:
    if way.period == each.regular:
        return _("%(room)s, same time") % {"room": way.space.name}
    return _("%(room)s, %(time)s") % {"room": way.space.name, "time": clock_of(way.period, way.space)}


@dataclass(frozen=True)
class ChangeRow:
    """One date of a change: what it was, what it becomes, and what that costs more or less."""

    step: Step
    words: str
    look: str
    icon: str
    who: str
    choices: list[Choice]

    @property
    def name(self) -> str:
        return f"keuze-{self.step.date.key}" if self.step.date else ""


def change_rows(change: Change, *, actor: Actor) -> list[ChangeRow]:
    """A row for each step. Two queries at most."""
    claims = [claim for step in change.steps if step.date for claim in step.date.taken_by]
    known = occupants.of_claims(claims, actor=actor) if claims else {}
    rows = []
    for step in change.steps:
        words, look, icon = _step_words(step)
        names = sorted({known[claim.holder].name for claim in step.date.taken_by}) if step.date else []
        choices = _choices(step.date, stays=step.row is not None) if step.date else []
        rows.append(ChangeRow(step, words, look, icon, ", ".join(names), choices))
    return rows


def _step_words(step: Step) -> tuple[str, str, str]:
    if step.cancels:
        return _("cancelled"), "error", "close"
    if step.adds:
        return _("new"), "success", "plus"
    if step.moves and step.row and step.date and step.date.chosen:
        same = (step.row.space_id, step.row.period) == (step.date.chosen.space.pk, step.date.chosen.period)
        return (_("unchanged"), "free", "check") if same else (_("moved"), "info", "move")
    return (_("stays"), "warning", "pin") if step.row else (_("not booked"), "taken", "lock")
