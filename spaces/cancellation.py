"""What cancelling costs: a ladder of steps, copied onto the booking when it is made.

A step counts until its deadline, the deadline itself included. A whole day before is the same time on the clock of
the hub that many days earlier, also over a change of the clock; other hours are elapsed hours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.models import CancellationStep, Hub
from spaces.money import Euro, euro

Step = Mapping[str, Any]
"""{"hours_before": 48, "percentage": "50.00", "minimum": "0.00", "zone": "Europe/Amsterdam"}; −1 comes last."""

FULL = Decimal(100)


def steps_of(hub: Hub) -> list[dict[str, Any]]:
    """The steps of a hub as they are now, to store with a booking. One query.

    A hub without steps lets people cancel free of charge until the start.
    """
    return written(hub.cancellation_steps.all(), hub=hub)


def written(rows: Iterable[CancellationStep], *, hub: Hub) -> list[dict[str, Any]]:
    """As `steps_of`, of rows that were read with others."""
    steps = [(row.hours_before, row.percentage, row.minimum) for row in rows]
    return [
        {"hours_before": hours, "percentage": str(percentage), "minimum": str(minimum), "zone": hub.timezone}
        for hours, percentage, minimum in sorted(steps or [(0, Decimal(0), Decimal(0))], reverse=True)
    ]


def cost(net: Decimal, *, steps: Sequence[Step], starts_at: datetime, at: datetime) -> Euro:
    """The fee, excluding VAT, of cancelling at `at`; not coming is cancelling after the start.

    At least the minimum of the step, never more than `net`.
    """
    for deadline, step in _ladder(steps, starts_at=starts_at):
        if at <= deadline:
            return _fee(net, step)
    return _fee(net, _last(steps))


def not_coming(net: Decimal, *, steps: Sequence[Step]) -> Euro:
    """The fee, excluding VAT, when nobody came: that of the last resort, whatever the moment."""
    return _fee(net, _last(steps))


def mildest_until(steps: Sequence[Step], *, starts_at: datetime) -> datetime | None:
    """Until when cancelling costs the least it can; None when it costs the same at any time before the start."""
    ladder = list(_ladder(steps, starts_at=starts_at))
    mildest = min((_weight(step) for _deadline, step in ladder), default=None)
    return max((deadline for deadline, step in ladder if _weight(step) == mildest), default=None)


def _weight(step: Step) -> tuple[Decimal, Decimal]:
    return Decimal(step["percentage"]), Decimal(step["minimum"])


def in_words(steps: Sequence[Step], *, starts_at: datetime, zone: ZoneInfo, now: datetime) -> list[Sentence]:
    """The ladder with its dates filled in, one sentence a step: "Until dinsdag 17 november, 09:00: free".

    Deadlines that went by before `now` are left out; when all did, only what it costs from now on is told.
    """
    told = [
        _until(deadline.astimezone(zone), step)
        for deadline, step in _ladder(steps, starts_at=starts_at)
        if now <= deadline
    ]
    return [*told, _from_then_on(_last(steps)) if told else _from_now_on(_last(steps))]


def _from_then_on(step: Step) -> Sentence:
    if not _charges(step):
        return sentence(gettext_noop("After that, or if you do not come: free of charge."))
    if Decimal(step["percentage"]) == FULL:
        return sentence(gettext_noop("After that, or if you do not come: the full price."))
    text = gettext_noop("After that, or if you do not come: %(percentage)s%% of the price.")
    return sentence(text, percentage=Decimal(step["percentage"]))


def _from_now_on(step: Step) -> Sentence:
    if not _charges(step):
        return sentence(gettext_noop("If you cancel, or do not come: free of charge."))
    if Decimal(step["percentage"]) == FULL:
        return sentence(gettext_noop("If you cancel, or do not come: the full price."))
    text = gettext_noop("If you cancel, or do not come: %(percentage)s%% of the price.")
    return sentence(text, percentage=Decimal(step["percentage"]))


def _ladder(steps: Sequence[Step], *, starts_at: datetime) -> Iterator[tuple[datetime, Step]]:
    """Each step with its deadline, the earliest first."""
    for step in sorted(steps, key=lambda step: int(step["hours_before"]), reverse=True):
        if int(step["hours_before"]) >= 0:
            yield _deadline(step, starts_at=starts_at), step


def _deadline(step: Step, *, starts_at: datetime) -> datetime:
    days, hours = divmod(int(step["hours_before"]), 24)
    on_the_clock = starts_at.astimezone(ZoneInfo(step.get("zone", "UTC"))) - timedelta(days=days)
    return on_the_clock.astimezone(UTC) - timedelta(hours=hours)


def _last(steps: Sequence[Step]) -> Step:
    """What counts after the last deadline; the full price where the hub says nothing."""
    last = [step for step in steps if int(step["hours_before"]) < 0]
    return last[0] if last else {"percentage": FULL, "minimum": 0}


def _fee(net: Decimal, step: Step) -> Euro:
    share = net * Decimal(step["percentage"]) / 100
    return euro(min(net, max(share, Decimal(step["minimum"]))))


def _charges(step: Step) -> bool:
    return Decimal(step["percentage"]) > 0 or Decimal(step["minimum"]) > 0


def _until(deadline: datetime, step: Step) -> Sentence:
    params = {"day": deadline.date(), "clock": wording.clock(deadline.timetz())}
    percentage, minimum = Decimal(step["percentage"]), Decimal(step["minimum"])
    if not _charges(step):
        return sentence(gettext_noop("Until %(day)s, %(clock)s: free of charge."), **params)
    params["percentage"] = percentage
    if not minimum:
        return sentence(gettext_noop("Until %(day)s, %(clock)s: %(percentage)s%% of the price."), **params)
    params["minimum"] = wording.euro(minimum)
    text = gettext_noop("Until %(day)s, %(clock)s: %(percentage)s%% of the price, at least %(minimum)s.")
    return sentence(text, **params)
