"""What is measured: a question to the house, the same one in SQL by hand, and that both give the same answer.

The house answers with rows that pages can show; the floor only fetches. What both must agree on stands in `same`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg import Connection
from psycopg.types.json import Jsonb

from bookings import repeating, repeating_plan, reserving
from bookings.repeating import Agreed
from bookings.repeating_plan import Wish
from spaces import availability, boards, clashing, ledger, patterns
from spaces.models import Claim, Space
from spaces.periods import Period, local_days
from tests import cast
from tests.bench.data import Bench
from tests.bench.ringing import Ringing
from tests.cast import NOW

CLAIMS = """
    select * from spaces_claim where active and space_id = any(%(atoms)s) and starts_at < %(end)s
      and starts_at > %(start)s - interval '31 days' and (ends_at is null or ends_at > %(start)s)
"""
FREE = """
    select space.code from spaces_space space where hub_id = %(hub)s and bookable and kind = 'consult_room' and not exists (
        select from spaces_claim claim where active and claim.space_id = space.id and starts_at < %(end)s
          and starts_at > %(start)s - interval '31 days' and ends_at > %(start)s
    )
"""
FIRST_FREE = """
    with open as (
        select day + opens as opens, day + case closes when '00:00' then interval '24 hours' else closes::interval end as closes
        from generate_series(%(day)s::timestamptz, %(day)s::timestamptz + interval '29 days', interval '1 day') as day
        join spaces_openinghours hours on hours.hub_id = %(hub)s and hours.weekday = extract(isodow from day) - 1
    ), taken as (
        select space.id, open.opens, open.closes, claim.starts_at, claim.ends_at
        from spaces_space space cross join open
        left join spaces_claim claim on claim.active and claim.space_id = space.id and claim.starts_at < open.closes
          and claim.starts_at > open.opens - interval '1 day' and claim.ends_at > open.opens
        where space.hub_id = %(hub)s and space.bookable and space.kind = 'consult_room'
    ), gap as (
        select greatest(opens, %(now)s) as starts, coalesce(min(starts_at), closes) as ends from taken group by id, opens, closes
        union all
        select greatest(ends_at, %(now)s), coalesce(lead(starts_at) over (partition by id, opens order by starts_at), closes)
        from taken where ends_at is not null
    )
    select min(starts) from gap where ends - starts >= %(length)s
"""
CONFLICTS = """
    select distinct claim.* from unnest(%(atoms)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        as wish (atom, starts, ends)
    join spaces_claim claim on claim.active and claim.space_id = wish.atom and claim.starts_at < wish.ends
     and claim.starts_at > wish.starts - interval '31 days' and claim.ends_at > wish.starts
"""
DATES = """
    select (day + time '09:00') at time zone 'Europe/Amsterdam' as starts
    from generate_series(timestamp '2026-11-24', timestamp '2027-11-16', interval '7 days') as day
    where not exists (
        select from spaces_claim where active and space_id = %(space)s
          and tstzrange(starts_at, ends_at) && tstzrange((day + time '09:00') at time zone 'Europe/Amsterdam',
                                                         (day + time '12:00') at time zone 'Europe/Amsterdam')
    ) order by starts
"""
LOCK = "select id from spaces_space where id = any(%s) order by id for no key update"
BOOK = """
    with new as (
        insert into bookings_booking
        select (jsonb_populate_record(booking, %(values)s)).* from bookings_booking booking where id = %(like)s
        returning id, hub_id, space_id, starts_at, ends_at
    )
    insert into spaces_claim (hub_id, space_id, starts_at, ends_at, kind, holder, setup_minutes, cleanup_minutes, active)
    select hub_id, space_id, starts_at, ends_at, 'booking', 'booking:' || id, 0, 0, true from new
"""


@dataclass(frozen=True)
class Question:
    """`ours` and `floor` answer it; both answers must be equal and not empty. `times` is how often each is asked."""

    words: str
    ours: Callable[[], Any]
    floor: Callable[[], Any]
    times: int = 15


def questions(bench: Bench, raw: Connection) -> Iterator[Question]:
    """Every question, of the hub of `bench`; `raw` is a bare connection for the floor."""
    asked = _Asked(bench, raw)
    yield Question("week of a room", asked.week, asked.week_floor)
    yield Question("week of a room as a table", asked.week_table, asked.week_floor)
    yield Question("month grid of a hub", asked.month, asked.month_floor)
    yield Question("search: free rooms of a hub", asked.search, asked.search_floor)
    yield Question("first free 2 h in 30 days", asked.first_free, asked.first_free_floor)
    yield Question("conflicts of 53 dates", asked.conflicts, asked.conflicts_floor)
    yield Question("book a room (hold, confirm)", asked.book, asked.book_floor, times=8)
    yield Question("weekly year looked at", asked.plan, asked.plan_floor)
    yield Question("weekly year booked", asked.series, asked.series_floor, times=5)
    ringing = Ringing(raw)
    yield Question("an event of Stripe taken on", ringing.ours, ringing.floor, times=50)


class _Asked:
    def __init__(self, bench: Bench, raw: Connection) -> None:
        self.bench, self.raw = bench, raw
        self.booked, self.booked_by_hand, self.made, self.made_by_hand = count(), count(), count(), count()
        self.room, zone = bench.rooms[3], bench.hub.zone
        self.week_days = local_days(date(2026, 12, 7), date(2026, 12, 13), zone=zone)
        self.month_days = local_days(date(2026, 12, 1), date(2026, 12, 31), zone=zone)
        self.afternoon = cast.between("2026-12-08 14:00", "17:00")
        first = cast.between("2026-11-24 13:00", "15:00")
        week = timedelta(weeks=1)
        self.dates = [Period(first.start + at * week, first.end + at * week) for at in range(53)]
        self.agreed = [self._seen(space) for space in bench.spare[2:9]]

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return self.raw.execute(sql, values, prepare=True).fetchall()

    def week(self) -> set[int]:
        return _ids(ledger.claims_during([self.room.pk], period=self.week_days, now=NOW))

    def week_table(self) -> set[int]:
        days = [date(2026, 12, 7) + timedelta(days=at) for at in range(7)]
        table = boards.boards(self.bench.hub, days=days, spaces=[self.room], now=NOW)
        return {
            claim.pk for rows in table.values() for row in rows for cell in row.cells for claim in cell.claims
        }

    def week_floor(self) -> set[int]:
        return self._claims([self.room.pk], self.week_days)

    def month(self) -> set[int]:
        return _ids(ledger.claims_during([it.pk for it in self.bench.rooms], period=self.month_days, now=NOW))

    def month_floor(self) -> set[int]:
        return self._claims([it.pk for it in self.bench.rooms], self.month_days)

    def _claims(self, atoms: list[int], period: Period) -> set[int]:
        return {row[0] for row in self.rows(CLAIMS, atoms=atoms, start=period.start, end=period.end)}

    def search(self) -> set[str]:
        found = availability.search(self.bench.hub, period=self.afternoon, kinds=["consult_room"], now=NOW)
        return {space.code for space in found.free}

    def search_floor(self) -> set[str]:
        period = self.afternoon
        return {row[0] for row in self.rows(FREE, hub=self.bench.hub.pk, start=period.start, end=period.end)}

    def first_free(self) -> Any:
        length = timedelta(hours=2)
        offer = availability.first_free(
            self.bench.hub, length=length, kinds=["consult_room"], after=NOW, now=NOW
        )
        return offer and offer.period.start

    def first_free_floor(self) -> Any:
        day = cast.at("2026-11-21 00:00")
        return self.rows(FIRST_FREE, hub=self.bench.hub.pk, day=day, now=NOW, length=timedelta(hours=2))[0][0]

    def conflicts(self) -> set[int]:
        near = clashing.claims_near([(self.room.pk, period) for period in self.dates], now=NOW)
        wanted = self.dates
        return {it.pk for it in near[self.room.pk] if any(ledger.overlaps(it, period) for period in wanted)}

    def conflicts_floor(self) -> set[int]:
        starts, ends = [it.start for it in self.dates], [it.end for it in self.dates]
        return {row[0] for row in self.rows(CONFLICTS, atoms=[self.room.pk] * 53, starts=starts, ends=ends)}

    def book(self) -> list[Any]:
        space, period = self.bench.spare[0], self._hour(next(self.booked))
        held = reserving.hold(
            space, period=period, party=self.bench.party, by=self.bench.user, key=uuid4(), now=NOW
        )
        return self._made(holder=reserving.confirm(held, now=NOW).holder)

    def book_floor(self) -> list[Any]:
        number, space = next(self.booked_by_hand), self.bench.spare[1]
        with self.raw.transaction():
            self.raw.execute(LOCK, [[space.pk]])
            self._insert(space.pk, self._hour(number), f"F{number:06}")
        return self._made(space_id=space.pk, starts_at=self._hour(number).start)

    def plan(self) -> list[Any]:
        seen = repeating_plan.plan(self._weekly(self.bench.spare[-1]), now=NOW)
        return [each.regular.start for each in seen.booked]

    def plan_floor(self) -> list[Any]:
        return [row[0] for row in self.rows(DATES, space=self.bench.spare[-1].pk)]

    def series(self) -> list[Any]:
        at = next(self.made)
        space, agreed = self.bench.spare[2 + at], self.agreed[at]
        repeating.create(self._weekly(space), choices={}, key=uuid4(), agreed=agreed, now=NOW)
        return self._made(space_id=space.pk)

    def _weekly(self, space: Space) -> Wish:
        return Wish(
            space=space, party=self.bench.party, by=self.bench.user, pattern=patterns.weekly([1]),
            hours=(time(9), time(12)), first=date(2026, 11, 24), last=date(2027, 11, 16),
        )  # fmt: skip

    def _seen(self, space: Space) -> Agreed:
        """What the page has shown by the time somebody says yes."""
        seen = repeating_plan.plan(self._weekly(space), now=NOW)
        return Agreed(seen.fingerprint, seen.gross)

    def series_floor(self) -> list[Any]:
        number = next(self.made_by_hand)
        space = self.bench.spare[9 + number]
        with self.raw.transaction():
            self.raw.execute(LOCK, [[space.pk]])
            for at in range(52):
                start = cast.at(str(date(2026, 11, 24) + timedelta(weeks=at)) + " 09:00")
                self._insert(space.pk, Period(start, start + timedelta(hours=3)), f"S{number}{at:05}")
        return self._made(space_id=space.pk)

    def _made(self, **wanted: Any) -> list[tuple[Any, ...]]:
        """The claims there are now: how long and how many. Asked beside the house, so not counted as a query of ours."""
        wheres = " and ".join(f"{name} = %({name})s" for name in wanted)
        return self.rows(
            f"select ends_at - starts_at, count(*) from spaces_claim where active and {wheres} group by 1",
            **wanted,
        )

    def _insert(self, space: int, period: Period, code: str) -> None:
        like = self.raw.execute("select id from bookings_booking limit 1", prepare=True).fetchone()
        values = {
            "id": str(uuid4()), "code": code[:8], "space_id": space, "idempotency_key": str(uuid4()),
            "starts_at": period.start.isoformat(), "ends_at": period.end.isoformat(),
        }  # fmt: skip
        self.raw.execute(BOOK, {"values": Jsonb(values), "like": like and like[0]}, prepare=True)

    def _hour(self, number: int) -> Period:
        start = cast.at("2026-12-01 09:00") + timedelta(days=7 * (number % 20), hours=number // 20)
        return Period(start, start + timedelta(hours=1))


def _ids(found: dict[int, list[Claim]]) -> set[int]:
    return {claim.pk for claims in found.values() for claim in claims}
