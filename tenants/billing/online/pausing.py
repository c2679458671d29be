"""What Plein itself leaves alone for a while: an invoice that is open again because money went back online."""

from datetime import datetime

from django.db.models import Q

from spaces.periods import DAY
from tenants.billing.models import CollectionPause, Receivable

Kind = CollectionPause.Kind


def pause(asked: Receivable, *, kind: str = Kind.PAUSE, why: str, now: datetime) -> None:
    """Remind nobody of it until somebody (or `end`) says so; nothing when it is left alone in that way already."""
    today = now.astimezone(asked.hub.zone).date()
    lasts = Q(ends_on=None) | Q(ends_on__gte=today)
    if not CollectionPause.objects.filter(lasts, receivable=asked, kind=kind).exists():
        CollectionPause.objects.create(
            party_id=asked.party_id, receivable=asked, kind=kind, reason=why[:300], starts_on=today, at=now
        )


def end(asked: Receivable, *, kind: str, now: datetime) -> None:
    """End the pauses that Plein began itself, not those of people: from today on the ladder goes on where it was."""
    today = now.astimezone(asked.hub.zone).date()
    own = CollectionPause.objects.filter(receivable=asked, kind=kind, by=None)
    for row in own.filter(Q(ends_on=None) | Q(ends_on__gte=today)):
        row.ends_on = today - DAY
        row.save(update_fields=["ends_on"])
