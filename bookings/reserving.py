"""Holding a space for ten minutes, and booking it: nobody can ever have the same space at the same time."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from bookings import additions, allowance, allowing, approving, challenging
from bookings.additions import NOTHING, Wish
from bookings.life import enter, is_held, locked
from bookings.models import Addition, Booking
from bookings.refusals import (
    AlreadyDone,
    FormUsed,
    PriceChanged,
    TimeTaken,
    TooBusy,
    Unpriced,
)
from bookings.states import HOLDING, BookingState
from spaces import availability, claiming, conditions, pricing, ruling
from spaces.conditions import Conditions
from spaces.models import Claim, Space
from spaces.periods import Period
from spaces.pricing import Quote
from tenants.parties.models import Party, User

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
GRID_MINUTES, DAYS_AHEAD = ruling.GRID_MINUTES, ruling.DAYS_AHEAD
"""Where no rule says anything else."""
ALONG = Prefetch("additions", Addition.objects.select_related("space"))
check = allowing.check


def quote(
    space: Space,
    *,
    period: Period,
    party: Party,
    moved: Booking | None = None,
    known: Conditions | None = None,
    now: datetime,
) -> Quote:
    """The price of `space` for `party`, with the hours its leases include. Raises Unpriced.

    `known` are the conditions of then, for who has read them already (`check` returns them).
    """
    hours = allowance.hours_for(party, space, period=period, leaving_out=moved, now=now)
    counted = known or conditions.read(space.hub, rate_group=party.rate_group, period=period)
    try:
        return counted.quote(space, period=period, included_hours=hours)
    except pricing.NoPrice as error:
        raise Unpriced(str(error)) from error


def hold(
    space: Space,
    *,
    period: Period,
    party: Party,
    by: User,
    contact: User | None = None,
    title: str = "",
    persons: int | None = None,
    wish: Wish = NOTHING,
    key: UUID,
    now: datetime,
) -> Booking:
    """Keep `space` for `party` while it looks at the price: `hub.hold_minutes` long, with all of `wish` or not at all.

    The same `key` again returns the same booking. Raises BookingRefused; TimeTaken brings alternatives.
    """
    until = now + timedelta(minutes=space.hub.hold_minutes)
    booking = unsaved(space, period=period, party=party, by=by, contact=contact, until=until, idempotency_key=key,
                      title=title or party.name[:80], persons=persons)  # fmt: skip
    return or_alternatives(lambda: _hold(booking, wish, now=now), space=space, period=period, now=now)


def unsaved(
    space: Space,
    *,
    period: Period,
    party: Party,
    by: User,
    contact: User | None,
    until: datetime,
    **more: Any,
) -> Booking:
    """A booking that will be held `until` then, for `begin` to claim, price and save."""
    return Booking(
        code=new_code(), hub=space.hub, space=space, party=party, booked_by=by, contact=contact,
        starts_at=period.start, ends_at=period.end, policy_starts_at=period.start, held_until=until,
        **{"title": party.name[:80]} | more,
    )  # fmt: skip


def begin(booking: Booking, *, wish: Wish = NOTHING, known: Conditions, now: datetime) -> Booking:
    """Claim the space for an unsaved booking with all that goes with it, price it and save it.

    `known` as for `quote`. Inside a transaction that has locked its party. Raises SpaceTaken, AdditionRefused and
    Unpriced; then roll back.
    """
    rows = additions.chosen(wish, booking, now=now)
    _claim(booking, [booking.space, *additions.spaces_of(rows)], Claim.Kind.HOLD, now=now)
    agreed = quote(booking.space, period=booking.period, party=booking.party, known=known, now=now)
    rooms = [booking.space, *(row.space for row in rows if row.space and not row.extra)]
    share = known.tariff.prepaid_percentage(rooms, period=booking.period)
    put_price(booking, replace(agreed, prepaid_percentage=share))
    booking.policy = known.steps
    booking.additions_gross = additions.gross(rows)
    booking.save(force_insert=True)
    additions.keep(rows)
    return booking


@claiming.retried
@transaction.atomic(durable=True)
def _hold(booking: Booking, wish: Wish, *, now: datetime) -> Booking:
    claiming.wait_at_most()
    Party.objects.select_for_update(no_key=True).get(pk=booking.party_id)
    existing = _made_before(booking)
    if existing is not None:
        return existing
    known = check(booking.space, period=booking.period, party=booking.party, by=booking.booked_by, now=now)
    additions.refuse_crowd(booking, wish)
    return begin(booking, wish=wish, known=known, now=now)


def _made_before(wish: Booking) -> Booking | None:
    """The booking made with the same key. Raises FormUsed when that was for another wish."""
    made = Booking.objects.with_everything().filter(idempotency_key=wish.idempotency_key).first()
    if made is not None and (made.party_id, made.space_id, made.period) != (
        wish.party_id, wish.space_id, wish.period,
    ):  # fmt: skip
        raise FormUsed
    return made


def _claim(booking: Booking, spaces: Iterable[Space], kind: str, *, now: datetime) -> None:
    claiming.take(
        spaces,
        period=booking.period,
        kind=kind,
        holder=booking.holder,
        expires_at=booking.held_until if kind == Claim.Kind.HOLD else None,
        margin=margin_of(booking),
        now=now,
    )


def claim_for_good(booking: Booking, *, now: datetime) -> None:
    """Take all that the booking needs, that it does not have (any more). Raises SpaceTaken."""
    _claim(booking, spaces_of(booking), Claim.Kind.BOOKING, now=now)


def spaces_of(booking: Booking) -> list[Space]:
    """Everything that is claimed for the booking: its space, and the rooms and pieces that go with it. One query."""
    return [booking.space, *Space.objects.filter(additions__booking=booking).order_by("pk")]


def margin_of(booking: Booking) -> claiming.Margin:
    """The time around the booking to set up and to clean."""
    return claiming.Margin(booking.setup_minutes, booking.cleanup_minutes)


def put_price(booking: Booking, agreed: Quote) -> None:
    """Write the price as agreed onto the booking; does not save."""
    booking.quote = agreed.as_json()
    booking.net, booking.vat, booking.gross = agreed.taxed.net, agreed.taxed.vat, agreed.taxed.gross
    booking.vat_treatment, booking.vat_rate = agreed.vat_treatment, agreed.taxed.rate
    booking.included_hours = agreed.included_hours


@claiming.retried
@transaction.atomic(durable=True)
def extend(booking: Booking, *, now: datetime) -> Booking:
    """Hold once more for `hub.hold_minutes` from now; a second time, or after it ran out, AlreadyDone."""
    booking = locked(booking)
    if not is_held(booking, now=now) or booking.extended:
        raise AlreadyDone
    until = now + timedelta(minutes=booking.hub.hold_minutes)
    if claiming.extend(booking.holder, expires_at=until) < len(claiming.lock(spaces_of(booking))):
        raise AlreadyDone
    booking.held_until, booking.extended = until, True
    booking.save(update_fields=["held_until", "extended"])
    return booking


def confirm(booking: Booking, *, title: str = "", by: User | None = None, now: datetime) -> Booking:
    """Book what was held or in option, on account, or ask for approval. A second call returns the same booking.

    `by` is who presses, when that need not be who held it: whether staff have to approve, and quotas, look at them.

    An option is booked at the price it was taken for. A hold that ran out is taken again when the space is still
    free; otherwise TimeTaken. When the price is another one by then, the space is held anew at that price and
    PriceChanged is raised: nothing is booked unseen. Raises OptionEnded when somebody had asked for an option that
    ran out.
    """
    who = by or booking.booked_by

    def book(row: Booking, spaces: list[Space]) -> None:
        was_held = row.state == BookingState.HELD
        approving.book_or_ask(row, spaces, title=title, by=who, now=now)
        if not was_held:  # only an option can have been asked for by somebody else
            challenging.kept(row, now=now)

    return secure(booking, book, by=who, now=now)


def secure(
    booking: Booking, deed: Callable[[Booking, list[Space]], None], *, by: User, now: datetime
) -> Booking:
    """Claim for good what was held, and do `deed` with it and all its spaces, in one transaction.

    What is no hold, option or ended hold is returned as it is, and nothing is done. Raises as `confirm`.
    """
    done = or_alternatives(
        lambda: _secure(booking, deed, by=by, now=now),
        space=booking.space, period=booking.period, now=now,
    )  # fmt: skip
    if done.state == BookingState.HELD:
        raise PriceChanged
    return done


@claiming.retried
@transaction.atomic(durable=True)
def _secure(
    booking: Booking, deed: Callable[[Booking, list[Space]], None], *, by: User, now: datetime
) -> Booking:
    booking = locked(booking)
    if booking.state not in (*HOLDING, BookingState.EXPIRED):
        return booking
    challenging.refuse_late(booking, now=now)
    prefetch_related_objects([booking], ALONG)
    spaces = [booking.space, *additions.spaces_of(booking.additions.all())]
    atoms = claiming.lock(spaces)
    if claiming.keep(booking.holder, kind=Claim.Kind.BOOKING) < len(atoms) and not _taken_again(
        booking, by=by, now=now
    ):
        return booking
    deed(booking, spaces)
    return booking


def _taken_again(booking: Booking, *, by: User, now: datetime) -> bool:
    """Claim the space anew for a hold that ran out; False when it is only held, because its price has changed."""
    claiming.release(booking.holder)
    if booking.state in HOLDING:
        enter(booking, BookingState.EXPIRED, included_hours=0)
    known = check(booking.space, period=booking.period, party=booking.party, by=by, now=now)
    fresh = quote(booking.space, period=booking.period, party=booking.party, known=known, now=now)
    agreed = Quote.from_json(booking.quote)
    if replace(fresh, prepaid_percentage=agreed.prepaid_percentage) == agreed:
        claim_for_good(booking, now=now)
        Booking.objects.filter(pk=booking.pk).update(included_hours=fresh.included_hours)
        return True
    enter(booking, BookingState.HELD, held_until=now + timedelta(minutes=booking.hub.hold_minutes))
    _claim(booking, spaces_of(booking), Claim.Kind.HOLD, now=now)
    put_price(booking, fresh)
    booking.save()
    return False


def or_alternatives(deed: Callable[[], Booking], *, space: Space, period: Period, now: datetime) -> Booking:
    """Do `deed`; when the space is taken raise TimeTaken with the nearest alternatives, or else TooBusy."""
    try:
        return deed()
    except claiming.SpaceTaken as error:
        raise TimeTaken(availability.alternatives(space, period=period, now=now)) from error
    except claiming.SpaceBusy as error:
        raise TooBusy from error


def new_code() -> str:
    """A short code that nobody has yet, without letters that look alike, for people to say aloud."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
        if not Booking.objects.filter(code=code).exists():
            return code
