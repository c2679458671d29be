"""Calendar feeds: a secret address at which a calendar program reads what its user may see at that moment."""

from datetime import datetime, timedelta

from django.db import transaction
from icalendar import vDuration, vText

from bookings import feed_entries, invitation
from bookings.models import Feed
from spaces.models import Space
from tenants.parties import access
from tenants.parties.access import Actor
from tenants.parties.envelope import one_line
from tenants.parties.models import User
from tenants.parties.tokens import hashed, new_token

REFRESH = timedelta(hours=1)
"""How often a program had better look again; it may look 60 times an hour."""


@transaction.atomic(durable=True)
def connect(actor: Actor, *, scope: str, space: Space | None = None, now: datetime) -> tuple[Feed, str]:
    """A new feed of this scope for this person, and its token: the only time that anybody sees it.

    The address they had for the same thing stops working at once. `space` is for the scope of a room. Raises ValueError
    for somebody who is at no hub.
    """
    if actor.hub is None:
        raise ValueError("a feed belongs to a hub")
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)  # two presses: one after the other
    Feed.objects.visible_to(actor).running().filter(scope=scope, space=space).update(revoked_at=now)
    token = new_token()
    feed = Feed.objects.create(
        hub=actor.hub, user=actor.user, scope=scope, space=space, token_hash=hashed(token), created_at=now
    )
    return feed, token


def revoke(feed: Feed, *, now: datetime) -> None:
    """The address stops working at once; a second call changes nothing."""
    Feed.objects.running().filter(pk=feed.pk).update(revoked_at=now)


def feed_of(token: str) -> Feed | None:
    """The running feed at this address; None when there is none, or when it was withdrawn. One query."""
    running = Feed.objects.running().select_related("hub", "user", "space")
    return running.filter(token_hash=hashed(token)).first()


def reader_of(feed: Feed) -> Actor | None:
    """Who its user is at the hub of the feed today; None when they have no role there any more. One query."""
    if not feed.user.is_active:
        return None
    actor = access.actor_for(feed.user, hub_slug=feed.hub.slug)
    return actor if actor.hub == feed.hub and actor.roles else None


def mark_used(feed: Feed, *, now: datetime) -> None:
    """Keep when it was last read: it tells its user whether their calendar still looks."""
    Feed.objects.filter(pk=feed.pk).update(last_used_at=now)


def content(feed: Feed, *, reader: Actor, now: datetime) -> bytes:
    """The calendar in the active language. The same rows give the same bytes. A constant number of queries."""
    calendar = invitation.new_calendar()
    calendar.add("x-wr-calname", vText(one_line(_name(feed))))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in feed_entries.of(feed, reader=reader, now=now):
        calendar.add_component(entry.event())
    return bytes(calendar.to_ical())


def _name(feed: Feed) -> str:
    return f"{feed.hub.name}: {feed.space.name}" if feed.space else feed.hub.name
