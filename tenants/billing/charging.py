"""Posting what a party owes to the charges ledger. Leases and bookings call it; billing knows neither."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.explaining import Sentence
from spaces.models import Hub
from tenants.billing import taking_back
from tenants.billing.models import Charge, Invoice, RunState
from tenants.parties.models import Party


class AlreadyInvoiced(Exception):
    """The charge stands on an invoice that is approved or issued: only `correct` can change what is owed."""

    def __init__(self) -> None:
        self.message = _("This is already on an invoice. Ask the bookkeeper for a credit note.")
        super().__init__(self.message)


@dataclass(frozen=True)
class Owed:
    """One amount owed. Prices exclude VAT; `net` is in cents; days are local days of the hub, both included.

    `kind` is a `LineKind`; `topic` and `cost_centre` as in `Line`. What is owed `in_advance` can be invoiced from the
    month of its first day on (with the lines charged together with it), everything else after its last day.
    """

    kind: str
    description: Sentence
    reason: Sentence
    vat_reason: str
    starts_on: date
    ends_on: date
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal
    vat_treatment: str
    vat_rate: Decimal
    topic: str = ""
    cost_centre: str = ""
    in_advance: bool = False


@transaction.atomic
def post(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> list[Charge]:
    """Make the charges of `source` ("booking:<uuid>") exactly `lines`, in order; no lines takes them away.

    The same lines again change nothing. Charges on a proposal leave it with that party's whole draft: the
    next proposal has them again. Raises AlreadyInvoiced when a charge that would change or go stands on an
    approved or issued invoice. Call it inside the transaction of the use-case.
    """
    stored = {charge.position: charge for charge in Charge.objects.from_source(source).select_for_update()}
    wanted = {position: _values(owed, hub, party) for position, owed in enumerate(lines, start=1)}
    stale = [charge for position, charge in stored.items() if _differs(charge, wanted.get(position))]
    _take_off_proposals(stale)
    return _write(source, stored, wanted, stale)


def post_new(owed: Iterable[tuple[str, Sequence[Owed]]], *, hub: Hub, party: Party) -> list[Charge]:
    """Charge many sources that have no charges yet, all at once: one query for the dates of a whole series.

    A source that was charged before is an IntegrityError. Call it inside the transaction of the use-case.
    """
    return Charge.objects.bulk_create(
        Charge(source=source, position=position, **_values(line, hub, party))
        for source, lines in owed
        for position, line in enumerate(lines, start=1)
    )


@transaction.atomic
def post_all(owed: Sequence[tuple[str, Sequence[Owed]]], *, hub: Hub, party: Party) -> list[Charge]:
    """As `post` for many sources at once, in a handful of queries. Raises AlreadyInvoiced and changes none of them."""
    wanted = {
        (source, position): _values(line, hub, party)
        for source, lines in owed
        for position, line in enumerate(lines, start=1)
    }
    sources = {source for source, _lines in owed}
    stored = Charge.objects.filter(source__in=sources).select_for_update().order_by("pk")
    known = {(charge.source, charge.position): charge for charge in stored}
    stale = [charge for key, charge in known.items() if _differs(charge, wanted.get(key))]
    _take_off_proposals(stale)
    Charge.objects.filter(pk__in=[charge.pk for charge in stale]).delete()
    kept = set(known) - {(charge.source, charge.position) for charge in stale}
    return Charge.objects.bulk_create(
        Charge(source=source, position=position, **values)
        for (source, position), values in wanted.items()
        if (source, position) not in kept
    )


@transaction.atomic
def correct(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> list[Charge]:
    """As `post`, also when charges of `source` have been invoiced: all together it then comes to exactly `lines`.

    What stands on an approved or issued invoice stays there. What it charges and `lines` no longer do is taken back by
    a credit of what is left of the line; what is new is charged under `source:2`, `source:3` and so on. What a credit
    note took back is charged anew, unless it was given away (`Charge.waived`). Returns the charges that are not
    invoiced yet. The same lines again change nothing. Call it as `post`, by who has locked the thing that the source
    names.
    """
    family = _family(source)
    if not family:
        return post_new([(source, lines)], hub=hub, party=party)
    settled = _settled(family)
    if not settled:
        return post(source, hub=hub, party=party, lines=lines)
    change = _change(family, settled, [_values(owed, hub, party) for owed in lines])
    waiting = [charge for charge in family if charge.pk not in settled]
    missing, stale = _compared(change, waiting)
    _take_off_proposals(stale)
    for charge in stale:
        charge.delete()
    kept = [charge for charge in waiting if charge not in stale]
    return [*kept, *_append(source, missing, family=[charge for charge in family if charge.pk])]


def foreseen(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> list[Charge]:
    """The charges that `correct` with these lines would leave to be invoiced; writes and locks nothing."""
    family = _named(source, Charge.objects.of_family(source).select_related("credits").order_by("pk"))
    change = _change(family, _settled(family), [_values(owed, hub, party) for owed in lines])
    return [Charge(source=source, **values) for values in change]


@transaction.atomic
def waiting(source: str) -> list[Charge]:
    """The charges of `source` and of its corrections that are on no invoice, locked; a proposal loses them."""
    family = _family(source)
    settled = _settled(family)
    found = [charge for charge in family if charge.pk not in settled]
    _take_off_proposals(found)
    return found


def settled_sources(sources: Iterable[str]) -> set[str]:
    """Which of these sources have a charge on an approved or issued invoice. One query."""
    return set(Charge.objects.filter(source__in=list(sources)).settled().values_list("source", flat=True))


def charge_again(charges: Iterable[Charge]) -> list[Charge]:
    """Charge what was credited once more, as it was: the next proposal has it. Call it with the charges locked."""
    made: list[Charge] = []
    for charge in charges:
        source = _root(charge)
        made += _append(source, [_copied(charge)], family=_family(source))
    return made


def _family(source: str) -> list[Charge]:
    """The charges of `source` and of its corrections, locked."""
    return _named(source, Charge.objects.of_family(source).select_for_update().order_by("pk"))


def _named(source: str, charges: Iterable[Charge]) -> list[Charge]:
    """Only those of the source itself and of its numbered corrections."""
    return [
        charge
        for charge in charges
        if charge.source.removeprefix(f"{source}:").isdecimal() or charge.source == source
    ]


def _root(charge: Charge) -> str:
    """The source that this charge is of, or corrects."""
    source, _colon, number = charge.source.rpartition(":")
    return source if number.isdecimal() and Charge.objects.from_source(source).exists() else charge.source


def _number(charge: Charge) -> int:
    """Which correction it belongs to; 0 for none, as for a source of its own that only begins the same."""
    text = charge.source.rpartition(":")[2]
    return int(text) if text.isascii() and text.isdigit() else 0


def _settled(charges: Sequence[Charge]) -> set[int]:
    """Which of them (pks) stand on an approved or issued invoice."""
    found = Charge.objects.filter(pk__in=[charge.pk for charge in charges]).settled()
    return set(found.values_list("pk", flat=True))


def _change(
    family: Sequence[Charge], settled: set[int], wanted: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What is to be invoiced after what has been, so that all together is `wanted`: credits first, then what is new."""
    stands = taking_back.standing(family, settled)
    new, changed = _compared(wanted, [it.charge for it in stands if it.as_charged])
    gone = [it for it in stands if it.left and (it.charge in changed or not it.as_charged)]
    return [*(taking_back.credit_of(it.charge, net=it.left) for it in gone), *new]


def _compared(
    wanted: list[dict[str, Any]], present: Sequence[Charge]
) -> tuple[list[dict[str, Any]], list[Charge]]:
    """What is wanted and not there, and what is there and not wanted."""
    left, missing = list(present), []
    for values in wanted:
        same = next((charge for charge in left if not _differs(charge, values)), None)
        if same is None:
            missing.append(values)
        else:
            left.remove(same)
    return missing, left


def _append(source: str, missing: Sequence[dict[str, Any]], *, family: Sequence[Charge]) -> list[Charge]:
    """Store these under the next number, after everything the source has had."""
    latest = max((_number(charge) for charge in family if charge.source != source), default=1)
    return Charge.objects.bulk_create(
        Charge(source=f"{source}:{latest + 1}", position=position, **values)
        for position, values in enumerate(missing, start=1)
    )


def _write(
    source: str, stored: dict[int, Charge], wanted: dict[int, dict[str, Any]], stale: list[Charge]
) -> list[Charge]:
    for charge in stale:
        if charge.position not in wanted:
            charge.delete()
            continue
        for name, value in wanted[charge.position].items():
            setattr(charge, name, value)
        charge.save()
    new = [
        Charge(source=source, position=position, **values)
        for position, values in wanted.items()
        if position not in stored
    ]
    if new and stored:
        _refuse_to_grow(stored.values())
    created = {charge.position: charge for charge in Charge.objects.bulk_create(new)}
    return [created.get(position) or stored[position] for position in wanted]


def _values(owed: Owed, hub: Hub, party: Party) -> dict[str, Any]:
    return {"hub_id": hub.pk, "party_id": party.pk, "credits_id": None} | vars(owed)


def _copied(charge: Charge) -> dict[str, Any]:
    names = [field.name for field in fields(Owed)]
    return {"hub_id": charge.hub_id, "party_id": charge.party_id} | {
        name: getattr(charge, name) for name in names
    }


def _differs(charge: Charge, values: dict[str, Any] | None) -> bool:
    return values is None or any(getattr(charge, name) != value for name, value in values.items())


def _refuse_to_grow(charges: Any) -> None:
    """A source that is invoiced is settled: nothing is added to it either."""
    if Charge.objects.filter(pk__in=[charge.pk for charge in charges if charge.pk]).settled().exists():
        raise AlreadyInvoiced


def _take_off_proposals(charges: list[Charge]) -> None:
    drafts = Invoice.objects.filter(lines__charge__in=charges) if charges else Invoice.objects.none()
    found = set(drafts.values_list("pk", "run__state"))
    if any(state != RunState.PROPOSED for _pk, state in found):
        raise AlreadyInvoiced
    # locked first, so that two posts for one party delete its draft one after the other
    locked = (
        Invoice.objects.drafts()
        .filter(pk__in=[pk for pk, _state in found])
        .order_by("pk")
        .select_for_update()
    )
    Invoice.objects.filter(pk__in=[draft.pk for draft in locked]).delete()
