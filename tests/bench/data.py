"""A hub as it is after two years: generated rows, made by set-based SQL so that a laptop has them in seconds."""

from dataclasses import dataclass

from django.db import connection

from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Hub, Space, SpaceKind
from tenants.parties.models import Party, User
from tests import cast

ROOMS, SPARE = 41, 16
"""Rooms with a past and a future, and empty ones to write in."""
SIZES = {"hub": 1, "chain": 20}

_BOOKINGS = """
    insert into bookings_booking
    select (jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'code', 'B' || lpad(to_hex((row_number() over ()) + %(offset)s), 7, '0'),
        'idempotency_key', gen_random_uuid(), 'space_id', space.id, 'starts_at', day + hours.starts,
        'ends_at', day + hours.ends, 'policy_starts_at', day + hours.starts
    ))).*
    from bookings_booking model, spaces_space space
    cross join generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '1 day') as day
    cross join (values (interval '8 hours', interval '11 hours'), (interval '12 hours', interval '14 hours'),
                       (interval '14 hours', interval '17 hours'), (interval '18 hours', interval '21 hours'))
               as hours (starts, ends)
    where model.id = %(model)s and space.hub_id = %(hub)s and space.code like 'R%%' and extract(isodow from day) < 7
      and (day between %(now)s and %(full)s
           or hashtext(space.code || day::date || hours.starts) %% 8 between -4 and 4)
"""
_CLAIMS = """
    insert into spaces_claim (hub_id, space_id, starts_at, ends_at, kind, holder, setup_minutes, cleanup_minutes, active)
    select hub_id, space_id, starts_at, ends_at, 'booking', 'booking:' || id, 0, 0, true
    from bookings_booking where hub_id = %(hub)s
"""


@dataclass(frozen=True)
class Bench:
    """The hub that is asked, its rooms, empty rooms, and somebody who books."""

    hub: Hub
    rooms: list[Space]
    spare: list[Space]
    party: Party
    user: User
    bookings: int


def generate(size: str) -> Bench:
    """Rows for `size` hubs; the last one is asked."""
    for number in range(SIZES[size]):
        hub = cast.hub(f"hub-{number}")
        user, party = cast.zzper(hub)
        cast.rate(hub)
        cast.rate(hub, kind=SpaceKind.TREATMENT_ROOM)
        rooms = [cast.space(hub, f"R{at:02}") for at in range(ROOMS)]
        spare = [cast.space(hub, f"L{at:02}", kind=SpaceKind.TREATMENT_ROOM) for at in range(SPARE)]
        _fill(hub, _model(spare[0], party, user))
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("select count(*) from bookings_booking")
        return Bench(hub, rooms, spare, party, user, cursor.fetchone()[0])


def _model(space: Space, party: Party, user: User) -> Booking:
    """The booking that all others are like."""
    period = cast.between("2025-04-01 09:00", "12:00")
    return Booking.objects.create(
        code=f"M{space.hub_id % 10**7}", hub=space.hub, space=space, party=party, booked_by=user, title="Spreekuur",
        state=BookingState.CONFIRMED, starts_at=period.start, ends_at=period.end, policy_starts_at=period.start,
        quote={}, policy=[], net="37.50", vat="0.00", gross="37.50", vat_treatment="exempt_rent", vat_rate=0,
    )  # fmt: skip


def _fill(hub: Hub, model: Booking) -> None:
    values = {
        "hub": hub.pk, "model": model.pk, "now": cast.at("2026-11-21 00:00"), "offset": hub.pk % 200 * 1_000_000,
        "first": cast.at("2025-05-01 00:00"), "last": cast.at("2027-05-01 00:00"), "full": cast.at("2026-12-01 00:00"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        # no record of who made it: nobody did
        cursor.execute("set session_replication_role = replica")
        for statement in (_BOOKINGS, _CLAIMS):
            cursor.execute(statement, values)
        cursor.execute("set session_replication_role = default")
