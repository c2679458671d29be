"""A plan in lines of text, for the command."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_import.planning import Plan, Step
from spaces import wording


def report(plan: Plan) -> Iterator[str]:
    """Everything it places, changes, withdraws and leaves out, a line each, in the active language and time zone."""
    counts = plan.counts
    for words, steps in ((_("New"), plan.new), (_("Changed"), plan.changed), (_("Withdrawn"), plan.gone)):
        yield from _listed(words, steps)
    if plan.left_out:
        yield _("Left out") + f" ({len(plan.left_out)})"
    for left in plan.left_out:
        when = wording.period(left.period) if left.period else _("All its dates")
        yield f"  {when}: {left.title}. {left.why}"
    yield from _listed(_("Outside the opening hours"), plan.outside)
    yield from _remarks(plan)
    yield _("%(new)d new, %(changed)d changed, %(gone)d withdrawn, %(same)d the same, %(left)d left out.") % {
        "new": counts["new"], "changed": counts["changed"], "gone": counts["gone"], "same": counts["same"],
        "left": len(plan.left_out),
    }  # fmt: skip


def _listed(words: str, steps: Iterable[Step]) -> Iterator[str]:
    listed = list(steps)
    if listed:
        yield f"{words} ({len(listed)})"
    for step in listed:
        yield f"  {wording.period(step.period)}: {step.title} ({step.space.name})"


def _remarks(plan: Plan) -> Iterator[str]:
    reading = plan.reading
    if reading.idle:
        yield ngettext(
            "%(number)s date is free or cancelled in the calendar, and takes no room.",
            "%(number)s dates are free or cancelled in the calendar, and take no room.",
            reading.idle,
        ) % {"number": reading.idle}
    if reading.before:
        yield ngettext(
            "%(number)s entry is more than a year ago and is not read in.",
            "%(number)s entries are more than a year ago and are not read in.",
            reading.before,
        ) % {"number": reading.before}
    for words, names in (
        (_("These go on for longer than a year; read the calendar in again before then:"), reading.goes_on),
        (_("These are more than a year ahead and are not placed yet:"), reading.after),
        (_("We do not know these time zones; their times are read on the clock of the hub:"), reading.zones),
    ):
        if names:
            yield f"{words} {', '.join(names)}"
