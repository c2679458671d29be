"""Screens in the building: each has a secret address, which reads and never writes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from bookings.models import Display
from bookings.querysets import DisplayQuerySet
from spaces.models import Hub, Space
from tenants.parties.tokens import hashed, new_token

USED_AT_MOST_EVERY = timedelta(minutes=1)


@transaction.atomic(durable=True)
def connect(hub: Hub, *, name: str, space: Space | None, now: datetime) -> tuple[Display, str]:
    """A screen at the door of `space`, or (None) at the entrance, and its token: the only time that anybody sees it.

    The address of a screen with the same name stops working at once.
    """
    Hub.objects.select_for_update(no_key=True).get(pk=hub.pk)  # two presses: one after the other
    Display.objects.running().filter(hub=hub, name=name).update(revoked_at=now)
    token = new_token()
    display = Display.objects.create(
        hub=hub, space=space, name=name, token_hash=hashed(token), created_at=now
    )
    return display, token


def revoke(display: Display, *, now: datetime) -> None:
    """The address stops working at once; a second call changes nothing."""
    Display.objects.running().filter(pk=display.pk).update(revoked_at=now)


def at_door(token: str) -> Display | None:
    """The running screen of a room at this address. One query."""
    return _running(token).filter(space__isnull=False).first()


def at_entrance(token: str) -> Display | None:
    """The running screen of an entrance at this address. One query."""
    return _running(token).filter(space__isnull=True).first()


def mark_used(display: Display, *, now: datetime) -> None:
    """Keep when it last looked, once a minute at most: it tells staff whether it still works."""
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_AT_MOST_EVERY)
    Display.objects.filter(long_ago, pk=display.pk).update(last_used_at=now)


def _running(token: str) -> DisplayQuerySet:
    found = Display.objects.running().filter(token_hash=hashed(token))
    return found.select_related("hub", "space__hub", "space__floor")
