"""A proposal beside the month before it: what is more or less, of which kind, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from spaces.money import Euro, total
from spaces.periods import DAY
from tenants.billing.models import Invoice, InvoiceLine, Line, LineKind
from tenants.parties.models import Party

Amounts = Mapping[str, Sequence[InvoiceLine]]
"""Lines by their kind."""


@dataclass(frozen=True)
class Earlier:
    """What one party was invoiced for the month before: all of it including VAT, and its lines by kind."""

    party: Party
    gross: Decimal = Decimal(0)
    lines: Amounts = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One kind of line that comes to another amount than the month before; nets exclude VAT."""

    label: str
    before: Euro
    now: Euro
    reasons: Sequence[str]

    @property
    def difference(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True)
class KindTotal:
    """What all parties together are invoiced of one kind, excluding VAT, now and the month before."""

    label: str
    now: Euro
    before: Euro

    @property
    def difference(self) -> Decimal:
        return self.now - self.before


def month_before(month: date) -> date:
    """The first day of the calendar month before."""
    return (month.replace(day=1) - DAY).replace(day=1)


def invoiced(hub: Hub, *, month: date) -> dict[int, Earlier]:
    """What each party (by pk) was invoiced by the runs of `month`. Two queries."""
    found: dict[int, Earlier] = {}
    issued = Invoice.objects.issued().filter(hub=hub, run__month=month)
    for invoice in issued.select_related("party").prefetch_related("lines").order_by("number"):
        known = found.get(invoice.party_id, Earlier(invoice.party))
        found[invoice.party_id] = Earlier(
            invoice.party,
            known.gross + invoice.gross,
            by_kind([*_all(known.lines), *invoice.lines.all()]),
        )
    return found


def by_kind(lines: Iterable[InvoiceLine]) -> dict[str, list[InvoiceLine]]:
    """The lines of each kind."""
    kinds: dict[str, list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        kinds[line.kind].append(line)
    return dict(kinds)


def changes(lines: Iterable[InvoiceLine], earlier: Earlier | None, *, month: date) -> list[Change]:
    """What is different, by kind, and why as far as the lines tell; the same amounts are left out."""
    now, before = by_kind(lines), earlier.lines if earlier else {}
    pairs = [(kind.label, before.get(kind, []), now.get(kind, [])) for kind in LineKind]
    return [
        Change(capfirst(str(label)), _net(was), _net(this), list(_reasons(was, this, month=month)))
        for label, was, this in pairs
        if _net(was) != _net(this)
    ]


def totals(now: Iterable[InvoiceLine], before: Iterable[Earlier]) -> list[KindTotal]:
    """Of each kind that there is now, or was the month before, what all parties together come to."""
    this = by_kind(now)
    was = by_kind(line for earlier in before for line in _all(earlier.lines))
    return [
        KindTotal(capfirst(str(kind.label)), _net(this.get(kind, [])), _net(was.get(kind, [])))
        for kind in LineKind
        if kind in this or kind in was
    ]


def _reasons(was: Sequence[Line], now: Sequence[Line], *, month: date) -> Iterator[str]:
    """In the active language, most telling first."""
    if not was:
        yield _("nothing last month")
    if not now:
        yield _("nothing this month")
    if was and now:
        yield from _differences(was, now)
    yield from _contents(now, month=month)


def _differences(was: Sequence[Line], now: Sequence[Line]) -> Iterator[str]:
    for old, new in _same_thing(was, now):
        if old.unit_price != new.unit_price:
            prices = {"new": wording.euro(new.unit_price), "old": wording.euro(old.unit_price)}
            yield _("price %(new)s instead of %(old)s") % prices
    if len(was) != len(now):
        words = ngettext("%(now)s line instead of %(was)s", "%(now)s lines instead of %(was)s", len(now))
        yield words % {"now": len(now), "was": len(was)}


def _contents(now: Sequence[Line], *, month: date) -> Iterator[str]:
    back = total(line.net for line in now if line.net < 0)
    if back:
        yield _("with %(amount)s given back") % {"amount": wording.euro(back)}
    late = total(line.net for line in now if line.net > 0 and line.ends_on < month)
    if late:
        yield _("with %(amount)s for earlier months") % {"amount": wording.euro(late)}


def _same_thing(was: Sequence[Line], now: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines that come back each month: one line of a topic, in a room and a unit, in both."""
    old, new = _by_thing(was), _by_thing(now)
    for key, lines in new.items():
        if len(lines) == 1 == len(old.get(key, [])):
            yield old[key][0], lines[0]


def _by_thing(lines: Sequence[Line]) -> dict[tuple[str, str, str], list[Line]]:
    things: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.net > 0:
            things[line.topic, line.cost_centre, line.unit].append(line)
    return things


def _all(kinds: Amounts) -> list[InvoiceLine]:
    return [line for lines in kinds.values() for line in lines]


def _net(lines: Sequence[Line]) -> Euro:
    return total(line.net for line in lines)
