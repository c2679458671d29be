"""Writing the dates of a series: bookings, claims, charges and exceptions, each in one go however many there are."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bookings import allowing, owing, reminding, reserving
from bookings.models import Booking, Series
from bookings.repeating_plan import Plan, PlannedDate, Way
from bookings.states import BookingState
from spaces import cancellation, claiming, recurrence
from spaces.claiming import Piece
from spaces.margins import margin_of
from spaces.models import Claim, Space

MOST_TRIES = 20


def book(
    series: Series,
    dates: Sequence[PlannedDate],
    *,
    tree: Mapping[int, list[int]],
    now: datetime,
) -> list[Booking]:
    """Make a booking of each date that is chosen, and a cancelled exception of each that is skipped.

    Claims, charges and bookings are each written at once. A room that needs approval gives requests, which cost
    nothing yet; what staff book themselves is approved by them. Raises SpaceTaken; call inside a transaction that has
    locked the party and the spaces.
    """
    rows = _bookings(series, dates, policy=cancellation.steps_of(series.hub), now=now)
    claim(rows, tree=tree, now=now)
    return _store(series, dates, rows)


def book_looked_at(
    series: Series, planned: Plan, *, tree: Mapping[int, list[int]], locked: Sequence[Space], now: datetime
) -> list[Booking]:
    """The same for a plan made since this transaction locked these atoms: nobody can have come between."""
    rows = _bookings(series, planned.dates, policy=planned.steps, now=now)
    pieces = _pieces(rows, tree=tree, atoms={atom.pk: atom for atom in locked})
    claiming.take_looked_at(pieces, kind=Claim.Kind.BOOKING, now=now)
    return _store(series, planned.dates, rows)


def _store(series: Series, dates: Sequence[PlannedDate], rows: list[Booking]) -> list[Booking]:
    note_exceptions(series, dates)
    Booking.objects.bulk_create(rows)
    owing.charge_all([row for row in rows if row.state == BookingState.CONFIRMED])
    return rows


def note_exceptions(series: Series, dates: Iterable[PlannedDate]) -> None:
    """Note in the arrangement which dates are not taken, and which stand at another time. Two queries at most."""
    dates = list(dates)
    skipped = [recurrence.Slot(each.regular, each.original_start) for each in dates if each.chosen is None]
    moved = [
        recurrence.Slot(each.chosen.period, each.original_start)
        for each in dates
        if each.chosen and each.is_moved
    ]
    if skipped:
        recurrence.cancel_slots(series.event, skipped)
    if moved:
        recurrence.move_slots(series.event, moved)


def claim(rows: Sequence[Booking], *, tree: Mapping[int, list[int]], now: datetime) -> None:
    """Claim the space of each booking. Raises SpaceTaken."""
    atoms = {atom.pk: atom for atom in claiming.lock({row.space for row in rows})}
    pieces = _pieces(rows, tree=tree, atoms=atoms)
    claiming.take_each(pieces, kind=Claim.Kind.BOOKING, locked=list(atoms.values()), now=now)


def _pieces(
    rows: Iterable[Booking], *, tree: Mapping[int, list[int]], atoms: Mapping[int, Space]
) -> list[Piece]:
    return [
        Piece(atoms[pk], row.period, row.holder, reserving.margin_of(row))
        for row in rows
        for pk in tree[row.space_id]
    ]


def _bookings(
    series: Series, dates: Iterable[PlannedDate], *, policy: list[dict[str, Any]], now: datetime
) -> list[Booking]:
    chosen = [(each, each.chosen) for each in dates if each.chosen]
    asks = any(way.space.needs_approval for _date, way in chosen)
    by_staff = asks and allowing.books_for_others(series.booked_by, hub_id=series.hub_id)
    rows = []
    for (each, way), code in zip(chosen, new_codes(len(chosen)), strict=True):
        row = Booking(
            code=code, hub=series.hub, space=way.space, party=series.party, booked_by=series.booked_by,
            contact=series.contact, title=series.title, persons=series.persons, series=series,
            original_start=each.original_start, policy=policy, **state_of(way, series, by_staff=by_staff),
            **margin_of(way.space)._asdict(), **place_of(way, series, now=now),
        )  # fmt: skip
        reserving.put_price(row, way.quote)
        rows.append(row)
    return rows


def place_of(way: Way, series: Series, *, now: datetime) -> dict[str, Any]:
    """When it is, and whether the reminder of the day before is due by now."""
    return {
        "starts_at": way.period.start,
        "ends_at": way.period.end,
        "policy_starts_at": way.period.start,
        "reminded_at": now if reminding.has_passed(series.hub, way.period.start, now=now) else None,
    }


def state_of(way: Way, series: Series, *, by_staff: bool) -> dict[str, Any]:
    """Booked, or asked for where staff say yes first."""
    if not way.space.needs_approval:
        return {"state": BookingState.CONFIRMED}
    if not by_staff:
        return {"state": BookingState.REQUESTED}
    return {
        "state": BookingState.CONFIRMED,
        "approved_by": series.booked_by,
        "approved_starts_at": way.period.start,
        "approved_ends_at": way.period.end,
    }


def new_codes(number: int) -> list[str]:
    """So many codes that nobody has. One query, as good as always."""
    codes: set[str] = set()
    for _try in range(MOST_TRIES):
        while len(codes) < number:
            codes.add(
                "".join(secrets.choice(reserving.CODE_LETTERS) for _letter in range(reserving.CODE_LENGTH))
            )
        known = set(Booking.objects.filter(code__in=codes).values_list("code", flat=True))
        codes -= known
        if not known:
            return sorted(codes)
    raise RuntimeError("no free codes")


def spaces_named(choices: Iterable[str], *, hub_id: int) -> list[Space]:
    """The spaces that ways out name, to lock before anything is decided."""
    codes = {choice.partition("|")[0] for choice in choices if "|" in choice}
    return list(Space.objects.filter(hub=hub_id, code__in=codes)) if codes else []
