"""Series of bookings: made in one go, each date a booking of its own, and the arrangement kept in step with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from bookings import challenging, repeating_letters, repeating_plan, repeating_rows, waiting
from bookings.following import cancelled, moved
from bookings.life import enter
from bookings.models import Booking, Series
from bookings.refusals import FormUsed, TooBusy
from bookings.repeating_plan import Plan, Wish
from bookings.repeating_refusals import NothingFree, PlanChanged
from bookings.states import BOOKED, HOLDING, BookingState
from spaces import claiming, recurrence
from spaces.periods import Period, local_days
from spaces.recurrence import Difference
from tenants.parties.models import Party

__all__ = ["Agreed", "audit", "begin", "cancelled", "create", "lock_party", "moved"]

STANDING = [*BOOKED, BookingState.REQUESTED]
"""States in which a date of a series stands; in the others it is not taken."""
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Agreed:
    """What the person saw and said yes to: which dates and clashes (`Plan.fingerprint`), and the total incl. VAT."""

    fingerprint: str
    total: Decimal


def create(wish: Wish, *, choices: Mapping[str, str], key: UUID, agreed: Agreed, now: datetime) -> Series:
    """Book every date of the plan, charge each, and owe one letter with one calendar file.

    The plan is made anew under the lock: when it, or its total, is another one than `agreed`, PlanChanged brings it
    and nothing is written. What the wish holds is let go for it; was that an offer of the waiting list, then they wait
    no more. The same `key` again returns the same series.
    """
    try:
        return _create(wish, choices=choices, key=key, agreed=agreed, now=now)
    except claiming.SpaceTaken:
        raise PlanChanged(repeating_plan.plan(wish, choices=choices, now=now)) from None
    except claiming.SpaceBusy as error:
        raise TooBusy from error


@claiming.retried
@transaction.atomic(durable=True)
def _create(wish: Wish, *, choices: Mapping[str, str], key: UUID, agreed: Agreed, now: datetime) -> Series:
    lock_party(wish.party)
    made = _made_before(wish, key)
    if made is not None:
        return made
    hold = _locked_hold(wish.hold, now=now)
    named = repeating_rows.spaces_named(choices.values(), hub_id=wish.space.hub_id)
    atoms, tree = claiming.lock_in(wish.space.hub, [wish.space, *named])
    planned = repeating_plan.plan(wish, choices=choices, tree=tree, now=now)
    if Agreed(planned.fingerprint, planned.gross) != agreed:
        raise PlanChanged(planned)
    if not planned.booked:
        raise NothingFree
    if hold is not None and hold.state in HOLDING:  # it is booked as the first date, or not at all
        enter(hold, BookingState.EXPIRED, included_hours=0)
        claiming.release(hold.holder)
    series = begin(wish, planned, key=key)
    rows = repeating_rows.book_looked_at(series, planned, tree=tree, locked=atoms, now=now)
    repeating_letters.made(series, rows, planned.skipped, now=now)
    _answer_who_asked(hold, rows, now=now)
    return series


def lock_party(party: Party) -> None:
    """First of the order that everybody keeps: party, booking, spaces."""
    claiming.wait_at_most()
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)


def begin(wish: Wish, planned: Plan, *, key: UUID | None = None, split_from: Series | None = None) -> Series:
    """Store the arrangement and its series, without any date yet."""
    zone = wish.space.hub.zone
    draft = recurrence.draft(wish.pattern, hours=wish.hours, first=wish.first, last=wish.last, zone=zone)
    event = recurrence.arrange(
        draft, space=wish.space, title=wish.title or wish.party.name, pattern=wish.pattern
    )
    named = {"idempotency_key": key} if key else {}
    return Series.objects.create(
        hub=wish.space.hub, space=wish.space, party=wish.party, booked_by=wish.by, contact=wish.contact,
        title=wish.title or wish.party.name[:80], persons=wish.persons, event=event, rule=event.rule,
        pattern=wish.pattern.as_json(), starts_on=event.start.astimezone(zone).date(), ends_on=wish.last,
        materialised_until=planned.until, split_from=split_from, **named,
    )  # fmt: skip


def audit(series: Series) -> list[Difference]:
    """Where django-scheduler's own dates are not our bookings, year by year; in order nothing."""
    zone = series.hub.zone
    rows: dict[datetime, Period | None] = {}
    columns = ("original_start", "starts_at", "ends_at", "state")
    for original, starts, ends, state in series.bookings.values_list(*columns):
        rows[original] = Period(starts, ends) if state in STANDING else None
    whole = local_days(series.starts_on, max(series.materialised_until, series.starts_on), zone=zone)
    return [
        difference
        for year in _years(whole)
        for difference in recurrence.audit(
            series.event,
            {name: period for name, period in rows.items() if year.start <= name < year.end},
            within=year,
            zone=zone,
        )
    ]


def _years(whole: Period) -> Iterator[Period]:
    start = whole.start
    while start < whole.end:
        end = min(start + YEAR, whole.end)
        yield Period(start, end)
        start = end


def _made_before(wish: Wish, key: UUID) -> Series | None:
    """The series made with the same key. Raises FormUsed when that was for another wish."""
    made = Series.objects.select_related("hub", "space", "party", "event").filter(idempotency_key=key).first()
    if made and (made.party_id, made.space_id, made.pattern) != (
        wish.party.pk, wish.space.pk, wish.pattern.as_json(),
    ):  # fmt: skip
        raise FormUsed
    return made


def _locked_hold(hold: Booking | None, *, now: datetime) -> Booking | None:
    """What is held of it now. Raises OptionEnded when it was an option that ran out and somebody had asked for."""
    found = Booking.objects.select_for_update(of=("self",)).filter(pk=hold.pk).first() if hold else None
    if found is not None:
        challenging.refuse_late(found, now=now)
    return found


def _answer_who_asked(hold: Booking | None, rows: Iterable[Booking], *, now: datetime) -> None:
    """What was held is booked now, as one of the dates, or has gone: its own wish ends, and who asked for it hears."""
    if hold is None:
        return
    waiting.served(hold, now=now)
    challenge = challenging.open_on(hold)
    if challenge is None:
        return
    if any((row.space_id, row.period) == (hold.space_id, hold.period) for row in rows):
        challenging.kept(hold, now=now)
    else:
        challenging.lapsed(challenge, now=now)
