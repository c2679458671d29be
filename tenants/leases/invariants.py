"""What must always be true of leases: looked at every night, and by hand with `manage.py controleer`."""

from datetime import date, datetime

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked, asked
from spaces.models import Claim, Space
from spaces.periods import Period, local_days
from tenants.leases import fixing, rent_invariants, yearly_invariants
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
    with stays as (
        select lease.id, line.space_id, hub.timezone as zone,
            greatest(coalesce(line.starts_on, lease.starts_on), lease.starts_on) as first,
            least(line.ends_on, lease.ends_on) as last
        from leases_lease lease
        join leases_leaseline line on line.lease_id = lease.id
        join spaces_hub hub on hub.id = lease.hub_id
    ), wanted as (
        select 'lease:' || stay.id as holder, atom.id as space_id,
            stay.first::timestamp at time zone stay.zone as starts_at,
            (stay.last + 1)::timestamp at time zone stay.zone as ends_at
        from stays stay
        join spaces_space atom on true
        left join spaces_space above on above.id = atom.parent_id
        where stay.space_id in (atom.id, atom.parent_id, above.parent_id)
          and not exists (select from spaces_space part where part.parent_id = atom.id)
          and (stay.last is null or stay.last >= stay.first)
    ), held as (
        select holder, space_id, starts_at, ends_at from spaces_claim where active and holder like 'lease:%%'
    )
    select holder || ' does not hold space ' || space_id || ' from ' || starts_at
    from (select * from wanted where ends_at is null or ends_at > %(now)s except select * from held) as missing
    union all
    select holder || ' holds space ' || space_id || ' for nothing from ' || starts_at
    from (select * from held where ends_at is null or ends_at > %(now)s except select * from wanted) as extra
"""
_SHARES = "select count(*) from leases_leaseshare"
_SHARED_WRONG = """
    select 'lease ' || lease_id || ' is not shared out whole from ' || coalesce(starts_on::text, 'its first day')
    from leases_leaseshare group by lease_id, starts_on
    having round(sum(numerator::numeric / denominator), 12) <> 1
"""
_DOCUMENTS = "select count(*) from leases_leasedocument"
_DOCUMENTS_CHANGED = """
    select 'document ' || id || ' is not what was uploaded' from leases_leasedocument
    where encode(sha256(content), 'hex') <> sha256 or substr(content, 1, 5) <> '%%PDF-'::bytea
"""


def _leases(now: datetime) -> Looked:
    return asked(_LEASED, _LEASE_GAPS, {"now": now})


INVARIANTS = (
    Invariant(gettext_noop("every lease holds exactly its spaces"), _leases),
    Invariant(
        gettext_noop("the parts of who pay for a lease are together one"),
        lambda _now: asked(_SHARES, _SHARED_WRONG),
    ),
    Invariant(
        gettext_noop("every document of a lease is what was uploaded"),
        lambda _now: asked(_DOCUMENTS, _DOCUMENTS_CHANGED, {}),
    ),
    Invariant(gettext_noop("every fixed half-day holds exactly its dates"), _fixed_half_days),
    *rent_invariants.INVARIANTS,
    *yearly_invariants.INVARIANTS,
)
