"""From answers to a stored lease: drafted, looked at, confirmed; the same confirmation twice is one deed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from spaces import claiming, closing
from spaces.models import Hub, Space
from tenants.leases import charging_rent, renting
from tenants.leases.contracts import in_words, signing, standing
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.deeds import DEEDS, NEW
from tenants.leases.contracts.refusals import InTheWay, Overtaken
from tenants.leases.models import Lease, LeaseDraft
from tenants.parties.models import User


def begin(hub: Hub, *, by: User, now: datetime) -> LeaseDraft:
    """An empty draft of a new lease."""
    return LeaseDraft.objects.create(hub=hub, deed=NEW, made_by=by, made_at=now)


def draft(lease: Lease, deed: str, told: Mapping[str, Any], *, by: User, now: datetime) -> LeaseDraft:
    """Keep a wish to change `lease` with how it is now. Nothing changes until it is confirmed."""
    made = LeaseDraft(hub=lease.hub, lease=lease, deed=deed, answers=dict(told), made_by=by, made_at=now)
    look_again(made, now=now)
    return made


def answer(draft: LeaseDraft, told: Mapping[str, Any]) -> None:
    """Keep more answers of a new lease; later ones count."""
    draft.answers = draft.answers | dict(told)
    draft.save(update_fields=["answers"])


def look_again(draft: LeaseDraft, *, now: datetime) -> None:
    """Go on from the lease as it is now: whoever calls this has shown the person what was changed meanwhile."""
    if draft.lease_id is None:
        return
    lease = standing.whole(draft.lease_id)
    draft.mark = standing.mark(lease)
    draft.seen = in_words.stored(in_words.facts(lease, day_of(draft, lease, now=now)))
    draft.save()


def day_of(draft: LeaseDraft, lease: Lease | None, *, now: datetime) -> date:
    """The day from which on the draft says something: on that day versions are compared."""
    told = Answers(draft.answers)
    if lease is None:
        return told.first_day()
    return told.day("starts_on") or in_words.day_of(lease, now)


def confirm(draft: LeaseDraft, *, by: User, now: datetime) -> Lease:
    """Do what the draft says, and correct what was charged; a second call gives the same lease and changes nothing.

    Raises InTheWay when others have the rooms, Overtaken when the lease was changed since, and LeaseRefused.
    """
    try:
        return _confirm(draft.pk, by=by, now=now)
    except claiming.SpaceTaken as taken:
        raise InTheWay(taken.conflicts) from taken


@claiming.retried
@transaction.atomic(durable=True)
def _confirm(pk: Any, *, by: User, now: datetime) -> Lease:
    return fulfil(pk, by=by, now=now)


def fulfil(pk: Any, *, by: User, now: datetime) -> Lease:
    """`confirm` inside the caller's transaction, which has locked everything that it moves out of the way."""
    hub = Hub.objects.get(lease_drafts=pk)
    claiming.lock(Space.objects.of_hub(hub))  # before any row, as everybody does
    draft = LeaseDraft.objects.select_for_update(of=("self",)).select_related("hub", "lease").get(pk=pk)
    if draft.done_at is not None and draft.lease is not None:
        return draft.lease
    lease = _done(draft, by=by, now=now)
    if draft.deed == NEW or DEEDS[draft.deed].claims:
        renting.claim(lease, now=now)
        closing.settle(hub, now=now)
    charging_rent.repost(lease, now=now)
    draft.lease, draft.done_at = lease, now
    draft.save(update_fields=["lease", "done_at"])
    return lease


def _done(draft: LeaseDraft, *, by: User, now: datetime) -> Lease:
    told = Answers(draft.answers)
    if draft.lease_id is None:
        return signing.sign(draft.hub, told, by=by, now=now)
    Lease.objects.select_for_update(of=("self",)).get(pk=draft.lease_id)
    lease = standing.whole(draft.lease_id)
    if standing.mark(lease) != draft.mark:
        raise Overtaken
    lease = Lease.objects.select_related("hub", "party").get(pk=draft.lease_id)
    DEEDS[draft.deed].change(lease, told, by=by, now=now)
    return lease


def trial(draft: LeaseDraft, *, by: User, now: datetime) -> Lease:
    """Do what the draft says but for the claims; the caller rolls it back. Raises LeaseRefused, and Overtaken."""
    lease = _done(draft, by=by, now=now)
    charging_rent.repost(lease, now=now)
    return lease


def drop(draft: LeaseDraft) -> None:
    """Forget a wish that was not confirmed."""
    LeaseDraft.objects.filter(pk=draft.pk, done_at=None).delete()


def drop_stale(*, now: datetime) -> int:
    """Forget drafts of more than thirty days ago, confirmed or not; returns how many."""
    count, _by_model = LeaseDraft.objects.stale(now=now).delete()
    return count
