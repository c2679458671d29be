"""The director's page: every figure of a month with the rows behind it, from the same ledgers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bookings.occupancy import deals, money_tables, noticing, people, rooms
from bookings.occupancy.deals import Tally, Today, hub_of
from bookings.occupancy.months import Month
from bookings.occupancy.rooms import Letting
from bookings.occupancy.tables import Table
from spaces import availability, occupancy
from spaces.models import Space
from spaces.occupancy import Book
from spaces.periods import Period
from spaces.usage import HeatCell, Occupancy
from tenants.parties.access import Actor
from tenants.parties.models import Party, Vacancy


@dataclass(frozen=True)
class Overview:
    """A month of a hub, and the month before it to compare with."""

    month: Month
    let: Letting
    let_before: Letting
    use: Occupancy
    use_before: Occupancy
    heat: Mapping[tuple[int, int], HeatCell]
    tally: Tally
    tally_before: Tally
    today: Today
    free_now: list[Space] | None
    """None while the hub is closed."""
    parties: list[Party]
    sought: list[Vacancy]
    noticed: list[str]

    @property
    def internship_places(self) -> int:
        return sum(party.internship_places for party in self.parties)


def overview(actor: Actor, month: Month, *, now: datetime) -> Overview:
    """Everything on the page. A constant number of queries: the ledger is read once, for both months."""
    hub = hub_of(actor)
    book = occupancy.read(hub, period=Period(month.before.period.start, month.period.end))
    let, use = rooms.letting(actor, book, on=month.day), occupancy.use_of(book, period=month.period)
    heat, tally = occupancy.heat(book, period=month.period), deals.tally(actor, month)
    return Overview(
        month=month,
        let=let,
        let_before=rooms.letting(actor, book, on=month.before.last),
        use=use,
        use_before=occupancy.use_of(book, period=month.before.period),
        heat=heat,
        tally=tally,
        tally_before=deals.tally(actor, month.before),
        today=deals.today(actor, now=now),
        free_now=availability.free_now(hub, now=now),
        parties=people.at_the_hub(actor),
        sought=people.sought(actor),
        noticed=noticing.noticed(use=use, heat=heat, day_parts=book.day_parts, let=let, tally=tally),
    )


def table(figure: str, actor: Actor, month: Month, *, now: datetime) -> Table | None:
    """The rows behind the figure of this name (as in its address); None when there is no such figure."""
    make = FIGURES.get(figure)
    return make(actor, month, now) if make else None


def _book(actor: Actor, month: Month) -> Book:
    return occupancy.read(hub_of(actor), period=month.period)


def _let(actor: Actor, month: Month, now: datetime) -> Table:
    return rooms.let_table(rooms.letting(actor, _book(actor, month), on=month.day))


def _flex(actor: Actor, month: Month, now: datetime) -> Table:
    return rooms.flex_table(occupancy.use_of(_book(actor, month), period=month.period))


def _use(actor: Actor, month: Month, now: datetime) -> Table:
    return rooms.use_table(occupancy.use_of(_book(actor, month), period=month.period))


def _heat(actor: Actor, month: Month, now: datetime) -> Table:
    return rooms.heat_table(occupancy.heat(_book(actor, month), period=month.period))


def _today(actor: Actor, month: Month, now: datetime) -> Table:
    return deals.today_table(actor, now=now)


def _free(actor: Actor, month: Month, now: datetime) -> Table:
    return rooms.free_table(availability.free_now(hub_of(actor), now=now) or [])


def _bookings(actor: Actor, month: Month, now: datetime) -> Table:
    return deals.bookings_table(actor, month)


def _revenue(actor: Actor, month: Month, now: datetime) -> Table:
    return deals.revenue_table(actor, month)


def _no_shows(actor: Actor, month: Month, now: datetime) -> Table:
    return deals.no_shows_table(actor, month)


def _parties(actor: Actor, month: Month, now: datetime) -> Table:
    return people.parties_table(people.at_the_hub(actor))


def _sought(actor: Actor, month: Month, now: datetime) -> Table:
    return people.sought_table(people.sought(actor))


FIGURES: Mapping[str, Callable[[Actor, Month, datetime], Table]] = {
    "verhuurd": _let,
    "flex": _flex,
    "gebruik": _use,
    "drukte": _heat,
    "vandaag": _today,
    "vrij": _free,
    "boekingen": _bookings,
    "omzet": _revenue,
    "niet-verschenen": _no_shows,
    "partijen": _parties,
    "gezocht": _sought,
    **money_tables.FIGURES,
}
"""Figures by their name in the address."""
WITHOUT_MONTH = frozenset({"vandaag", "vrij", "partijen", "gezocht"}) | money_tables.WITHOUT_MONTH
"""Figures of now, whatever month is looked at."""
