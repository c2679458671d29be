"""Making room for a lease: who is in its way is seen, then moved or told, and the lease stored, all in one step."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bookings import closing_hits, closing_off
from bookings.closing_hits import Hit, Hits
from spaces import claiming, ledger, recurrence
from spaces.models import Space
from spaces.periods import DAY, local_days
from tenants.leases import ending, fixing, renting
from tenants.leases.contracts import drafts, previewing
from tenants.leases.contracts.refusals import LeaseRefused
from tenants.leases.models import FixedDayPart, Lease, LeaseDraft
from tenants.parties.models import User


class ObstaclesChanged(LeaseRefused):
    """Something else is in the way than the person saw; `hits` is what it is now."""

    def __init__(self, hits: Hits) -> None:
        self.hits = hits
        super().__init__(
            _("In the meantime something has changed. Nothing is stored yet: look at the list once more.")
        )


class CannotMakeRoom(LeaseRefused):
    """Another lease has the room, or somebody is in it already."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Not everything can be put aside from here. First do what is marked below, or choose a later first day."
            )
        )


def find(draft: LeaseDraft, *, by: User, now: datetime) -> Hits:
    """What is in the way of a drafted lease, half-days once each by their first date. A constant number of queries.

    Raises LeaseRefused and its kinds when the draft cannot be done at all.
    """
    preview = previewing.preview(draft, by=by, now=now)
    tree = ledger.atoms_of(draft.hub)
    stays = renting.stays(preview.lease, preview.lease.lines.all())
    atoms = {atom for stay in stays for atom in tree[stay.space.pk]}
    hits = closing_hits.among(draft.hub, preview.obstacles, closed=atoms, tree=tree, now=now)
    firsts = {hit.row.pk: hit for hit in sorted(hits.fixed, key=lambda hit: hit.period, reverse=True)}
    return Hits(hits.bookings, sorted(firsts.values(), key=lambda hit: hit.period), hits.entries, hits.leases)


def blocked(hits: Hits) -> bool:
    """Whether something is in the way that cannot be put aside here."""
    return bool(hits.leases) or any(hit.begun for hit in [*hits.bookings, *hits.fixed, *hits.entries])


def store(
    draft: LeaseDraft,
    *,
    seen: Collection[str],
    moved: Collection[str] = (),
    why: str,
    by: User,
    now: datetime,
) -> Lease:
    """Put aside what is in the way, at no cost to anybody, and store the lease; a second call gives the same lease.

    Each booking in `moved` goes to the room offered, the others are cancelled; half-days end before their first date in
    the time of the lease; imported entries go. Everybody gets a letter that says `why`. Raises ObstaclesChanged when it
    is not what was `seen`, CannotMakeRoom, and LeaseRefused; nothing has changed then.
    """
    try:
        return _store(draft.pk, seen=frozenset(seen), moved=frozenset(moved), why=why, by=by, now=now)
    except claiming.SpaceTaken as taken:
        raise ObstaclesChanged(find(draft, by=by, now=now)) from taken


@claiming.retried
@transaction.atomic(durable=True)
def _store(
    pk: Any, *, seen: Collection[str], moved: Collection[str], why: str, by: User, now: datetime
) -> Lease:
    draft = LeaseDraft.objects.select_related("hub", "lease").get(pk=pk)
    if draft.done_at is not None:
        return drafts.fulfil(pk, by=by, now=now)
    bookings = closing_off.locked(find(draft, by=by, now=now).ending)
    claiming.lock(Space.objects.of_hub(draft.hub))
    hits = find(draft, by=by, now=now)
    _raise_if_others(hits, seen, bookings)
    for hit in hits.bookings:
        closing_off.out_of_the_way(hit, bookings[hit.row.pk], why=why, moved=hit.key in moved, by=by, now=now)
    for hit in hits.entries:
        claiming.release(hit.row.holder)
        hit.row.delete()
    for hit in hits.fixed:
        _end(hit, now=now)
    return drafts.fulfil(pk, by=by, now=now)


def _raise_if_others(hits: Hits, seen: Collection[str], bookings: Collection[object]) -> None:
    if blocked(hits):
        raise CannotMakeRoom
    if hits.keys != seen or any(hit.row.pk not in bookings for hit in hits.ending):
        raise ObstaclesChanged(hits)


def _end(hit: Hit, *, now: datetime) -> None:
    """The half-day ends before its first date in the time of the lease; dates that are left until its end lapse."""
    fixed = FixedDayPart.objects.select_related(*fixing.NEEDED).get(pk=hit.row.pk)
    zone = fixed.hub.zone
    first: date = hit.period.start.astimezone(zone).date()
    last = max(first - DAY, fixed.starts_on, now.astimezone(zone).date())
    if fixed.ends_on is None or last < fixed.ends_on:
        ending.end_within(fixed, last=last, now=now)
    if last < first:
        return
    period = local_days(first, last, zone=zone)
    recurrence.cancel_slots(fixed.event, [slot for slot, _closed in fixing.dates(fixed, within=period)])
    claiming.release_during(fixed.holder, period=period)
