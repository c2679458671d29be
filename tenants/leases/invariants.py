"""What must always be true of leases: looked at every night, and by hand with `manage.py controleer`."""

from datetime import date, datetime

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked, asked
from spaces.models import Claim, Space
from spaces.periods import Period, local_days
from tenants.leases import fixing
from tenants.leases.models import FixedDayPart

Held = set[tuple[int, Period]]


def broken(*, now: datetime) -> list[str]:
    """A sentence for each half-day that holds other dates than it should; none when all is well.

    Each fixed half-day holds exactly its coming dates, as django-scheduler has them: without those that were given back
    or left out, and without those on which its room is closed.
    """
    rows = FixedDayPart.objects.select_related(*fixing.NEEDED).order_by("pk")
    return [words for fixed in rows for words in _broken(fixed, now=now)]


def _broken(fixed: FixedDayPart, *, now: datetime) -> list[str]:
    today = now.astimezone(fixed.hub.zone).date()
    if fixed.claimed_until is None:
        return [f"{fixed.holder} has claimed nothing"] if not fixed.ends_on or fixed.ends_on >= today else []
    wanted = _wanted(fixed, fixed.claimed_until, today, now=now)
    claims = Claim.objects.held_by(fixed.holder).filter(active=True, starts_at__gt=now)
    held = {(claim.space_id, Period(claim.starts_at, claim.ends_at)) for claim in claims if claim.ends_at}
    missing, extra = _days(fixed, wanted - held), _days(fixed, held - wanted)
    return [f"{fixed.holder} does not hold {day}" for day in missing] + [
        f"{fixed.holder} holds {day} for nothing" for day in extra
    ]


def _wanted(fixed: FixedDayPart, until: date, today: date, *, now: datetime) -> Held:
    first = max(fixed.starts_on, today)
    if until < first:
        return set()
    atoms = list(Space.objects.atoms_of(fixed.space).values_list("pk", flat=True))
    slots = fixing.dates(fixed, within=local_days(first, until, zone=fixed.hub.zone))
    open_slots = [slot for slot, closed in slots if not closed and slot.period.start > now]
    return {(atom, slot.period) for slot in open_slots for atom in atoms}


def _days(fixed: FixedDayPart, held: Held) -> list[date]:
    return sorted({period.start.astimezone(fixed.hub.zone).date() for _atom, period in held})


def _fixed_half_days(now: datetime) -> Looked:
    return Looked(FixedDayPart.objects.count(), broken(now=now))


_LEASED = "select count(*) from spaces_claim where active and holder like 'lease:%%'"
_LEASE_GAPS = """
    with wanted as (
        select 'lease:' || lease.id as holder, atom.id as space_id
        from leases_lease lease
        join leases_leaseline line on line.lease_id = lease.id
        join spaces_space atom on true
        left join spaces_space above on above.id = atom.parent_id
        where line.space_id in (atom.id, atom.parent_id, above.parent_id)
          and not exists (select from spaces_space part where part.parent_id = atom.id)
          and (lease.ends_on is null or lease.ends_on >= %(today)s)
    ), held as (
        select holder, space_id from spaces_claim
        where active and holder like 'lease:%%' and (ends_at is null or ends_at > %(now)s)
    )
    select holder || ' does not hold space ' || space_id
    from (select * from wanted except select * from held) as missing
    union all
    select holder || ' holds space ' || space_id || ' for nothing'
    from (select * from held except select * from wanted) as extra
"""


def _leases(now: datetime) -> Looked:
    return asked(_LEASED, _LEASE_GAPS, {"now": now, "today": now.date()})


INVARIANTS = (
    Invariant(gettext_noop("every lease holds exactly its spaces"), _leases),
    Invariant(gettext_noop("every fixed half-day holds exactly its dates"), _fixed_half_days),
)
