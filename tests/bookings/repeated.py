"""Series for the tests: a room, a wish, a plan that somebody agrees to."""

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from bookings import repeating, repeating_plan
from bookings.models import Series
from bookings.repeating import Agreed
from bookings.repeating_plan import Plan, Wish
from spaces import patterns
from spaces.models import Space
from tenants.parties.models import Party, User
from tests.cast import NOW

TUESDAYS = patterns.weekly([1])
HOURS = (time(9), time(12))
FIRST = date(2026, 11, 24)


def wish(room: Space, who: tuple[User, Party], **more: Any) -> Wish:
    """Every Tuesday morning from 24 November to 15 December 2026, unless told otherwise."""
    user, party = who
    fields: dict[str, Any] = {
        "space": room, "party": party, "by": user, "contact": user, "pattern": TUESDAYS, "hours": HOURS,
        "first": FIRST, "last": date(2026, 12, 15),
    }  # fmt: skip
    return Wish(**fields | more)


def planned(wanted: Wish, *, choices: dict[str, str] | None = None, now=NOW) -> Plan:
    return repeating_plan.plan(wanted, choices=choices or {}, now=now)


def made(wanted: Wish, *, choices: dict[str, str] | None = None, key: UUID | None = None, now=NOW) -> Series:
    """What somebody gets who agrees with the plan as it is."""
    plan = planned(wanted, choices=choices, now=now)
    agreed = Agreed(plan.fingerprint, plan.gross)
    return repeating.create(wanted, choices=choices or {}, key=key or uuid4(), agreed=agreed, now=now)
