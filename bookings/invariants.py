"""What must always be true of bookings: their claims, their charges, their dates."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from bookings import repeating
from bookings.models import Feed, Offer, Series
from bookings.states import BLOCKING, HOLDING
from spaces.invariants import Invariant, Looked, asked

HASH = r"^[0-9a-f]{64}$"
SWEPT_WITHIN = timedelta(hours=1)
"""Sweeps run each minute: what ended longer ago has been forgotten."""
_ATOMS = """
    select space.id as space_id, atom.id as atom_id
    from spaces_space atom
    left join spaces_space above on above.id = atom.parent_id
    join spaces_space space on space.id in (atom.id, atom.parent_id, above.parent_id)
    where not exists (select from spaces_space part where part.parent_id = atom.id)
"""
_BLOCKING = "select count(*) from bookings_booking where state = any(%(blocking)s)"
_CLAIMS = f"""
    with atoms as ({_ATOMS}), wish as (
        select id as booking_id, space_id from bookings_booking
        union select booking_id, space_id from bookings_addition where space_id is not null
    ), wanted as (
        select 'booking:' || booking.id as holder, atom_id as space_id, starts_at,
               least(ends_at, released_at) as ends_at,
               case when state = any(%(holding)s) then 'hold' else 'booking' end as kind
        from bookings_booking booking
        join wish on wish.booking_id = booking.id join atoms on atoms.space_id = wish.space_id
        where state = any(%(blocking)s) and (state <> all(%(holding)s) or held_until > %(now)s)
          and (released_at is null or released_at > starts_at)
    ), held as (
        select holder, space_id, starts_at, ends_at, kind from spaces_claim
        where active and holder like 'booking:%%' and (expires_at is null or expires_at > %(now)s)
    )
    select holder || ' does not hold space ' || space_id || ' from ' || starts_at
    from (select * from wanted except select * from held) as missing
    union all
    select holder || ' holds space ' || space_id || ' from ' || starts_at || ' as ' || kind || ' for nothing'
    from (select * from held except select * from wanted) as extra
"""  # noqa: S608 - nothing of anybody is put in
_ENTRIES = "select count(*) from bookings_importedentry"
_ENTRY_CLAIMS = f"""
    with atoms as ({_ATOMS}), wanted as (
        select 'entry:' || entry.id as holder, atom_id as space_id, starts_at, ends_at
        from bookings_importedentry entry join atoms on atoms.space_id = entry.space_id
    ), held as (
        select holder, space_id, starts_at, ends_at from spaces_claim where active and holder like 'entry:%%'
    )
    select holder || ' does not hold space ' || space_id || ' from ' || starts_at
    from (select * from wanted except select * from held) as missing
    union all
    select holder || ' holds space ' || space_id || ' from ' || starts_at || ' for nothing'
    from (select * from held except select * from wanted) as extra
"""  # noqa: S608
_CHARGED = (
    "select count(*) from bookings_booking where state in ('confirmed', 'arrived', 'no_show', 'cancelled')"
)
# what is cancelled, or nobody came for, owes its fee and at most all of what goes with it; what staff gave away by a
# credit note (waived) counts or not: what changes after that is credited only for what was left
_CHARGES = """
    with charged as (
        select split_part(coalesce(credited.source, charge.source), ':', 2) as id, sum(charge.net) as net,
               sum(charge.net) filter (where not charge.waived) as kept
        from billing_charge charge left join billing_charge credited on credited.id = charge.credits_id
        where coalesce(credited.source, charge.source) like 'booking:%%' group by 1
    ), added as (
        select booking_id, sum(net) as net from bookings_addition group by 1
    ), owed as (
        select booking.id, state,
               case when state in ('confirmed', 'arrived') then booking.net + coalesce(added.net, 0)
                    when state in ('no_show', 'cancelled') then cancellation_net else 0 end as least,
               case when state in ('confirmed', 'arrived') then booking.net
                    when state in ('no_show', 'cancelled') then cancellation_net else 0 end
               + case when state in ('confirmed', 'arrived', 'no_show', 'cancelled') then coalesce(added.net, 0)
                      else 0 end as most
        from bookings_booking booking left join added on added.booking_id = booking.id
    )
    select 'booking:' || owed.id || ' (' || state || ') owes ' || least || ' and was charged '
           || coalesce(charged.net, 0)
    from owed left join charged on charged.id = owed.id::text
    where coalesce(charged.kept, 0) < least or coalesce(charged.net, 0) > most
"""
_STRAY_CHARGES = """
    select source || ' was charged and does not exist' from billing_charge
    where source like 'booking:%%'
      and not exists (select from bookings_booking row where row.id::text = split_part(source, ':', 2))
    group by source
"""
_BOOKING_CHARGES = "select count(*) from billing_charge where source like 'booking:%%'"
_HELD = "select count(*) from bookings_booking where state = any(%(holding)s)"
_OVERDUE = """
    select 'booking:' || id || ' (' || state || ') ended at ' || held_until || ' and is still there'
    from bookings_booking where state = any(%(holding)s) and held_until < %(late)s
"""


_BEING_PAID = "select count(*) from bookings_booking where state = 'paying'"
_ATTEMPTS = """
    with attempt as (
        select source, state from billing_onlinepayment
        where source like 'booking:%%' and state in ('new', 'open', 'processing')
    )
    select 'booking:' || booking.id || ' is being paid, and nobody asks for money'
    from bookings_booking booking
    where state = 'paying' and not exists (select from attempt where source = 'booking:' || booking.id)
"""
_PAID_ONLINE = """
    select count(*) from billing_onlinepayment where source like 'booking:%%' and state = 'succeeded'
"""
# it is a booking, or was one and was cancelled; or all of it is on its way back
_PAID_WITHOUT = """
    select paid.source || ' was paid, is ' || coalesce(booking.state, 'nowhere') || ', and the money is still here'
    from billing_onlinepayment paid
    left join bookings_booking booking on 'booking:' || booking.id = paid.source
    where paid.source like 'booking:%%' and paid.state = 'succeeded'
      and coalesce(booking.state, '') not in ('confirmed', 'arrived', 'no_show', 'cancelled', 'requested', 'declined')
      and paid.amount > coalesce((
          select sum(refund.amount) from billing_refund refund
          where refund.through_id = paid.id and refund.state <> 'dropped'
             or refund.overpaid_id = paid.payment_id and refund.through_id is null and refund.state <> 'dropped'
      ), 0)
"""


def _values(now: datetime) -> dict[str, object]:
    return {
        "now": now, "late": now - SWEPT_WITHIN,
        "blocking": [str(state) for state in BLOCKING], "holding": [str(state) for state in HOLDING],
    }  # fmt: skip


def _series(_now: datetime) -> Looked:
    """Django-scheduler's own answer against our rows."""
    rows = list(Series.objects.select_related("hub", "space", "event__rule").order_by("starts_on", "pk"))
    broken = [f"series {row.pk}: {difference}" for row in rows for difference in repeating.audit(row)]
    return Looked(len(rows), broken)


def _offers(_now: datetime) -> Looked:
    """The room is the one that was offered until the booking is changed."""
    offers = Offer.objects.select_related("entry", "booking")
    wrong = [
        it
        for it in offers
        if it.booking.party_id != it.entry.party_id
        or (it.booking.space_id != it.space_id and not it.booking.sequence)
    ]
    return Looked(len(offers), [f"offer {it.pk} is not of who waited for it" for it in wrong])


def _feeds(_now: datetime) -> Looked:
    feeds = Feed.objects.filter(revoked_at=None)
    wrong = feeds.exclude(token_hash__regex=HASH)
    return Looked(feeds.count(), [f"feed {pk} keeps no SHA-256" for pk in wrong.values_list("pk", flat=True)])


INVARIANTS = (
    Invariant(
        gettext_noop("every booking holds exactly its spaces"),
        lambda now: asked(_BLOCKING, _CLAIMS, _values(now)),
    ),
    Invariant(
        gettext_noop("every imported date holds exactly its space"),
        lambda now: asked(_ENTRIES, _ENTRY_CLAIMS, _values(now)),
    ),
    Invariant(
        gettext_noop("every booking is charged what it owes"),
        lambda now: asked(_CHARGED, _CHARGES, _values(now)),
    ),
    Invariant(
        gettext_noop("every charge of a booking has its booking"),
        lambda now: asked(_BOOKING_CHARGES, _STRAY_CHARGES, _values(now)),
    ),
    Invariant(
        gettext_noop("holds and options end when they should"),
        lambda now: asked(_HELD, _OVERDUE, _values(now)),
    ),
    Invariant(
        gettext_noop("every booking that is being paid has one attempt under way"),
        lambda _now: asked(_BEING_PAID, _ATTEMPTS, {}),
    ),
    Invariant(
        gettext_noop("whoever paid a booking has it, or gets the money back"),
        lambda _now: asked(_PAID_ONLINE, _PAID_WITHOUT, {}),
    ),
    Invariant(gettext_noop("the dates of every series are those of its arrangement"), _series),
    Invariant(gettext_noop("every offer is for who waited"), _offers),
    Invariant(gettext_noop("calendar addresses are kept as a hash only"), _feeds),
)
