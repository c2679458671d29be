"""The rows behind the figures about money, as tables to see and to download."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.occupancy import money
from bookings.occupancy.deals import hub_of
from bookings.occupancy.months import Month
from bookings.occupancy.tables import Column, Kind, Row, Table
from spaces import wording
from tenants.leases import expecting, rent_roll
from tenants.leases.expecting import Forecast, Part
from tenants.leases.rent_roll import Line
from tenants.parties.access import Actor


def rent_table(actor: Actor, month: Month, now: datetime) -> Table:
    """Every lease in force with its rent."""
    roll = rent_roll.of_hub(hub_of(actor), on=month.day)
    return Table(
        title=_("Rent in force"),
        definition=rent_definition() % {"day": wording.day(roll.on)},
        columns=[
            Column(_("Lease")), Column(_("Tenant")), Column(_("m² as agreed"), Kind.AREA, adds_up=True),
            Column(_("Rent per m² and year"), Kind.EURO), Column(_("Rent per year"), Kind.EURO, adds_up=True),
            Column(_("A twelfth"), Kind.EURO, adds_up=True), Column(_("VAT")),
            Column(_("Discount now"), Kind.PERCENT), Column(_("Last day"), Kind.DAY),
        ],
        rows=[Row(tuple(_rent_cells(line)), "lease", str(line.lease.pk)) for line in roll.lines],
        shares={3: roll.per_m2},
        empty=_("No lease is in force."),
    )  # fmt: skip


def rent_definition() -> str:
    """What counts as rent in force."""
    return _(
        "The yearly contract rent excluding VAT of every lease that runs on %(day)s, as the terms of that day say. "
        "Discounts, service charges and fixed half-days are not in it. The average per m² is all rent by all m²."
    )


def _rent_cells(line: Line) -> Iterator[object]:
    terms = line.terms
    yield from (line.lease.number, line.lease.party.name, terms.area_m2, terms.rent_per_m2_year, terms.yearly)
    yield from (line.monthly, str(terms.get_vat_treatment_display()))
    yield line.discount.percentage if line.discount else None
    yield line.lease.ends_on


def ending_table(actor: Actor, month: Month, now: datetime) -> Table:
    """The leases that end within the months of the forecast."""
    last = expecting.last_day(month.day)
    lines = rent_roll.ending(hub_of(actor), starts=month.day, until=last)
    return Table(
        title=_("Leases that end"),
        definition=_(
            "Leases of which the last day lies between %(first)s and %(last)s. Give notice by: the last day on which "
            "it can still be ended by notice. The rent is that of the last day, excluding VAT."
        )
        % {"first": wording.calendar_date(month.day), "last": wording.calendar_date(last)},
        columns=[
            Column(_("Lease")), Column(_("Tenant")), Column(_("Last day"), Kind.DAY),
            Column(_("Give notice by"), Kind.DAY), Column(_("m² as agreed"), Kind.AREA, adds_up=True),
            Column(_("Rent per year"), Kind.EURO, adds_up=True),
        ],
        rows=[
            Row(
                (line.lease.number, line.lease.party.name, line.lease.ends_on, line.notice_by, line.terms.area_m2,
                 line.terms.yearly),
                "lease", str(line.lease.pk),
            )
            for line in lines
        ],
        empty=_("No lease ends in the coming 24 months."),
    )  # fmt: skip


def vacant_table(actor: Actor, month: Month, now: datetime) -> Table:
    """The vacant rooms with what they would earn."""
    hub = hub_of(actor)
    roll, let = rent_roll.of_hub(hub, on=month.day), money.letting(actor, month)
    return Table(
        title=_("Vacancy"),
        definition=vacancy_definition(roll.per_m2) % {"day": wording.day(month.day)},
        columns=[
            Column(_("Code")), Column(_("Room")), Column(_("Floor")),
            Column(_("m² vacant"), Kind.AREA, adds_up=True), Column(_("Would earn a year"), Kind.EURO),
        ],
        rows=[
            Row(
                (atom.code, atom.name, str(atom.floor), atom.area_m2, roll.would_earn(atom.area_m2)),
                "space", atom.code,
            )
            for atom in let.vacant_atoms
        ],
        shares={4: roll.would_earn(let.vacant)},
        empty=_("No room is vacant."),
    )  # fmt: skip


def vacancy_definition(per_m2: object) -> str:
    """What counts as vacant, and at which rent; `%(day)s` is left to fill in."""
    words = _(
        "Lettable rooms that on %(day)s are neither let nor to be booked. What they would earn: their m² times the "
        "average rent per m² and year of all leases in force that day, excluding VAT; the total is rounded once."
    )
    return words if per_m2 is not None else f"{words} {_('No lease is in force, so there is no average.')}"


def arrears_table(actor: Actor, month: Month, now: datetime) -> Table:
    """What each party has to pay, by how late it is today."""
    return Table(
        title=_("Arrears"),
        definition=_(
            "What is not paid yet today of everything that was asked, including VAT: invoices, open items of the old "
            "books, collection costs. Credit is what a party paid too much or gets back. Late: past the day to pay by."
        ),
        columns=[
            Column(_("Party")), *(Column(words, Kind.EURO, adds_up=True) for words in age_words()),
            Column(_("Credit"), Kind.EURO, adds_up=True), Column(_("Owed"), Kind.EURO, adds_up=True),
        ],
        rows=[
            Row((each.party.name, *each.buckets, each.credit, each.total), "party-account", str(each.party.pk))
            for each in money.arrears(actor, today=month.today)
            if each.party
        ],
        empty=_("Everything that was asked is paid."),
    )  # fmt: skip


def age_words() -> list[str]:
    """What stands above the columns of the ageing."""
    return [
        _("Not late"), _("1–30 days late"), _("31–60 days late"), _("61–90 days late"), _("Over 90 days late"),
    ]  # fmt: skip


def forecast_table(actor: Actor, month: Month, now: datetime) -> Table:
    """Every lease in every month."""
    found = expecting.forecast(hub_of(actor), starts=month.first, now=now)
    return Table(
        title=_("Rent to expect"),
        definition=" ".join([forecast_definition(), *unknown_words(found)]),
        columns=[
            Column(_("Month")), Column(_("Lease")), Column(_("Tenant")),
            Column(_("As agreed"), Kind.EURO, adds_up=True), Column(_("Discount"), Kind.EURO, adds_up=True),
            Column(_("Indexation"), Kind.EURO, adds_up=True),
            Column(_("To expect"), Kind.EURO, adds_up=True), Column(_("Falls away"), Kind.EURO, adds_up=True),
        ],
        rows=[Row(tuple(_forecast_cells(part))) for each in found.months for part in each.parts if _counts(part)],
        empty=_("No lease is in force."),
    )  # fmt: skip


def forecast_definition() -> str:
    """What is assumed."""
    return _(
        "Rent excluding VAT month by month, as agreed today: with steps, discounts and rooms that come or go. A lease "
        "stops on its last day; what it would still have paid stands under Falls away. Indexation counts only where it "
        "can be calculated: a fixed percentage, or both figures of the index are there; one that was forgotten counts "
        "from the first month not charged yet. Nothing is guessed; vacancy stays vacant."
    )


def unknown_words(found: Forecast) -> list[str]:
    """Which indexations do not count."""
    if not found.unknown:
        return []
    names = ", ".join(f"{each.lease.number} ({wording.calendar_date(each.on)})" for each in found.unknown)
    return [_("Not counted, because a figure is not known yet: %(names)s.") % {"names": names}]


def _counts(part: Part) -> bool:
    return bool(part.agreed or part.falls_away)


def _forecast_cells(part: Part) -> Iterator[object]:
    yield from (f"{part.month:%Y-%m}", part.lease.number, part.lease.party.name)
    yield from (part.agreed, part.discount, part.indexation, part.expected, part.falls_away)


FIGURES = {
    "huur": rent_table,
    "aflopend": ending_table,
    "leegstand": vacant_table,
    "achterstand": arrears_table,
    "verwachting": forecast_table,
}
"""Figures by their name in the address."""
WITHOUT_MONTH = frozenset({"achterstand"})
