"""Leaving a party alone: for a while, or because it does not agree with what is asked."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.periods import DAY
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.models import CollectionPause, Receivable
from tenants.billing.refusals import OfAnotherParty, ReasonMissing
from tenants.parties.models import Party, User


@transaction.atomic(durable=True)
def pause(
    party: Party,
    *,
    kind: str,
    receivable: Receivable | None = None,
    until: date | None = None,
    reason: str,
    by: User,
    now: datetime,
) -> CollectionPause:
    """Remind nobody of `receivable` (None: of anything of the party) from today up to and including `until`.

    `kind` is a CollectionPause.Kind; no costs run on what is disputed. Raises ReasonMissing, OfAnotherParty, and
    DunningRefused for a day that is past or the same pause twice.
    """
    today = now.astimezone(party.hub.zone).date()
    if not reason.strip():
        raise ReasonMissing
    if receivable is not None and receivable.party_id != party.pk:
        raise OfAnotherParty
    if until is not None and until < today:
        raise DunningRefused(_("Choose a last day from today on."))
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
    same = CollectionPause.objects.filter(party=party, receivable=receivable, kind=kind)
    if any(row.ends_on is None or row.ends_on >= today for row in same):
        raise DunningRefused(_("This is paused or disputed already. End that first."))
    return CollectionPause.objects.create(
        party=party, receivable=receivable, kind=kind, reason=reason.strip()[:300], starts_on=today, ends_on=until,
        by=by, at=now,
    )  # fmt: skip


@transaction.atomic(durable=True)
def end(row: CollectionPause, *, now: datetime) -> None:
    """From today on the ladder goes on where it was. A second call changes nothing."""
    today = now.astimezone(row.party.hub.zone).date()
    kept = CollectionPause.objects.select_for_update().get(pk=row.pk)
    if kept.ends_on is None or kept.ends_on >= today:
        kept.ends_on = today - DAY
        kept.save(update_fields=["ends_on"])
