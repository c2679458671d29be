"""Time to set up before a booking and to clean after it: it lies around the period, and is never paid for.

Two neighbours may set up and clean in the same time, so between two periods lies the longer of what the first needs
after and the second before it. A margin never touches another's period: a booking, a lease, a fixed half-day. It may
lie in a closure (who cleans comes in) and outside the opening hours.
"""

from datetime import timedelta
from typing import NamedTuple

from spaces.models import Claim, Space
from spaces.models.building import LONGEST_MARGIN
from spaces.periods import Period

LONGEST = timedelta(minutes=LONGEST_MARGIN)


class Margin(NamedTuple):
    """Minutes around a period; at most `LONGEST_MARGIN` each."""

    setup_minutes: int = 0
    cleanup_minutes: int = 0


NO_MARGIN = Margin()


def margin_for(kind: str, margin: Margin) -> Margin | None:
    """What a claim of this kind has to do with margins: a closure nothing at all."""
    return None if kind == Claim.Kind.CLOSURE else margin


def margin_of(space: Space) -> Margin:
    """What every booking of this space needs around it."""
    return Margin(space.setup_minutes, space.cleanup_minutes)


def around(period: Period) -> Period:
    """Where a claim must lie to be of any matter for `period`, whatever the margins are."""
    return Period(period.start - LONGEST, period.end + LONGEST)


def keeps_off(claim: Claim, *, margin: Margin | None = NO_MARGIN, until: Period) -> Period:
    """The time in which nothing that needs `margin` may have its period, because of `claim`.

    Margin None is that of a closure: it may lie in the margins of others. An open-ended claim lasts to the end of
    `until`, and a little longer.
    """
    before, after = timedelta(0), timedelta(0)
    if margin is not None and claim.kind != Claim.Kind.CLOSURE:
        before = timedelta(minutes=max(claim.setup_minutes, margin.cleanup_minutes))
        after = timedelta(minutes=max(claim.cleanup_minutes, margin.setup_minutes))
    end = claim.ends_at or max(until.end, claim.starts_at) + LONGEST
    return Period(claim.starts_at - before, end + after)
