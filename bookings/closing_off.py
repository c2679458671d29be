"""Closing a day, hours or a room: who is in the way is moved or told first, all in one step; and opening it again."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import cancelling, closing_hits, following, owing, reserving, telling
from bookings.closing_hits import Hit, Hits, Wish
from bookings.models import Booking
from bookings.terms import Terms
from spaces import claiming, closing
from spaces.margins import margin_of
from spaces.models import Closure, HolidayProposal, Hub, Space
from spaces.periods import Period, days_of, local_day
from tenants.leases import fixing
from tenants.leases.models import FixedDayPart
from tenants.parties import mailing
from tenants.parties.models import Party, User


class ClosingRefused(Exception):
    """It cannot be closed like this; nothing has changed. `message` is for the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class HitsChanged(ClosingRefused):
    """Something else is in the way than the person saw; `hits` is what it is now."""

    def __init__(self, hits: Hits) -> None:
        self.hits = hits
        super().__init__(
            _(
                "In the meantime something has changed. Nothing has been closed yet: look at the list once more."
            )
        )


class AlreadyOver(ClosingRefused):
    """What has been cannot be closed."""

    def __init__(self) -> None:
        super().__init__(_("This time has passed. Choose a later end."))


def close(
    wish: Wish, *, seen: Collection[str], moved: Collection[str] = (), by: User, now: datetime
) -> Closure:
    """Close, at no cost to anybody: each booking in `moved` goes to the room offered, the others are cancelled.

    `seen` and `moved` are keys of hits as the person saw them (`closing_hits.find`). When it is something else by now,
    HitsChanged, and nothing is closed. What has begun stays until it is over, and so do leases. The same closure a
    second time is the first one. Each holder gets a letter that says why.
    """
    if wish.period.end <= now:
        raise AlreadyOver
    try:
        return _close(wish, seen=frozenset(seen), moved=frozenset(moved), by=by, now=now)
    except claiming.SpaceTaken as taken:
        raise HitsChanged(closing_hits.find(wish, now=now)) from taken


def reopen(closure: Closure, *, now: datetime) -> int:
    """Open again from now on; returns how many dates of fixed half-days came back. A second call changes nothing.

    What has been closed until now stays on record. Bookings that were cancelled stay cancelled.
    """
    return _reopen(closure.pk, hub=closure.hub, now=now)


@claiming.retried
@transaction.atomic(durable=True)
def _close(wish: Wish, *, seen: Collection[str], moved: Collection[str], by: User, now: datetime) -> Closure:
    bookings = locked(closing_hits.find(wish, now=now).ending)
    claiming.lock(Space.objects.of_hub(wish.hub))
    closure, hits = _same(wish), closing_hits.find(wish, now=now)
    if closure and not hits.keys:
        return closure
    offered = {hit.key for hit in hits.bookings if hit.instead}
    if (
        hits.keys != seen
        or not offered.issuperset(moved)
        or any(h.row.pk not in bookings for h in hits.ending)
    ):
        raise HitsChanged(hits)
    for hit in hits.ending:
        out_of_the_way(hit, bookings[hit.row.pk], why=wish.reason, moved=hit.key in moved, by=by, now=now)
    for hit in hits.entries:
        claiming.release(hit.row.holder)
        hit.row.delete()
    _end_dates(wish, [hit for hit in hits.fixed if not hit.begun], now=now)
    closure = closure or Closure.objects.create(
        hub=wish.hub,
        space=wish.space,
        starts_at=wish.period.start,
        ends_at=wish.period.end,
        reason=wish.reason,
    )
    closing.settle(wish.hub, now=now)
    _decide(closure, HolidayProposal.State.ACCEPTED)
    return closure


def locked(hits: Iterable[Hit]) -> Mapping[object, Booking]:
    """The parties and then the bookings, each in order of key: everybody's order, before any space."""
    claiming.wait_at_most()
    rows = [hit.row for hit in hits]
    parties = Party.objects.filter(pk__in={row.party_id for row in rows}).order_by("pk")
    list(parties.select_for_update(no_key=True))
    bookings = Booking.objects.with_everything().filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return {booking.pk: booking for booking in bookings.select_for_update(of=("self",))}


def _same(wish: Wish) -> Closure | None:
    same = Closure.objects.filter(hub=wish.hub, space=wish.space)
    return same.filter(starts_at=wish.period.start, ends_at=wish.period.end).first()


def out_of_the_way(hit: Hit, booking: Booking, *, why: str, moved: bool, by: User, now: datetime) -> None:
    """Move a locked booking to the room offered, or cancel it, at no cost and with a letter that says `why`."""
    if moved and hit.instead:
        _move_over(booking, hit.instead, by=by, now=now)
    else:
        cancelling.call_off(booking, why=why, by=by, now=now)


def _move_over(booking: Booking, room: Space, *, by: User, now: datetime) -> None:
    """To another room at the same time for the same price: the house asked for it."""
    along = reserving.spaces_of(booking)[1:]
    margins = [margin_of(each) for each in (room, *along)]  # those of what it had are left behind
    booking.setup_minutes = max(each.setup_minutes for each in margins)
    booking.cleanup_minutes = max(each.cleanup_minutes for each in margins)
    claiming.move(
        booking.holder,
        [room, *along],
        period=booking.period,
        margin=reserving.margin_of(booking),
        now=now,
    )
    booking.space = room
    booking.sequence += 1
    booking.approved_starts_at, booking.approved_ends_at = booking.starts_at, booking.ends_at
    booking.approved_by = by
    booking.save()
    following.moved(booking)
    owing.charge_in_full(booking)
    online = owing.give_back(booking, by=by, now=now)
    telling.changed(booking, by=by, terms=Terms.HOUSE, online=online, now=now)


def _end_dates(wish: Wish, hits: Iterable[Hit], *, now: datetime) -> None:
    """What is not the holder's to use then; whether it is paid for is agreed in the arrangement."""
    for fixed, dates in groupby(
        sorted(hits, key=lambda hit: (hit.row.pk, hit.period)), key=lambda hit: hit.row
    ):
        periods = [hit.period for hit in dates]
        for period in periods:
            claiming.release_during(fixed.holder, period=period)
        _tell_holder(fixed, wish=wish, periods=periods, now=now)


def _tell_holder(fixed: FixedDayPart, *, wish: Wish, periods: list[Period], now: datetime) -> None:
    party = fixed.party
    if party.email:
        mailing.post(
            key=f"{fixed.holder}:closed:{wish.period.start:%Y%m%dT%H%M}:{now:%Y%m%dT%H%M}",
            kind="fixed_day_part_closed", hub=wish.hub, party=party, to_email=party.email,
            to_name=party.contact_name or party.name, language=party.language, due_at=now,
            context={
                "fixed": fixed, "periods": periods, "reason": wish.reason,
                "charged": fixed.on_closure == FixedDayPart.OnClosure.CHARGED,
            },
        )  # fmt: skip


@claiming.retried
@transaction.atomic(durable=True)
def _reopen(pk: int, *, hub: Hub, now: datetime) -> int:
    claiming.lock(Space.objects.of_hub(hub))
    closure = Closure.objects.filter(pk=pk, ends_at__gt=now).select_related("hub").first()
    if closure is None:
        return 0
    period = closure.period
    claiming.release(closing.holder_of(closure))
    _decide(closure, HolidayProposal.State.DECLINED)
    if closure.starts_at < now:
        closure.ends_at = now
        closure.save(update_fields=["ends_at"])
    else:
        closure.delete()
    closing.settle(hub, now=now)
    return fixing.come_back(hub, period=period, now=now)


def _decide(closure: Closure, state: str) -> None:
    """The public holidays that lie wholly within a closure of the hub are accepted, or open after all."""
    if closure.space_id:
        return
    zone = closure.hub.zone
    days = [
        day
        for day in days_of(closure.period, zone=zone)
        if closure.period.contains(local_day(day, zone=zone))
    ]
    HolidayProposal.objects.filter(hub=closure.hub, day__in=days).update(state=state)
