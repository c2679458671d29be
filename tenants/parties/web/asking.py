"""The request as `ActorMiddleware` and the policy hand it to a view."""

from django.http import HttpRequest

from spaces.models import Hub
from tenants.parties.access import Actor
from tenants.parties.models import User


class Request(HttpRequest):
    """On a page for who has signed in: `actor` is there, and `user` is a person."""

    actor: Actor
    user: User


class AtHub(Actor):
    """An actor with a role, so at a hub."""

    hub: Hub


class HubRequest(Request):
    """On a page that the policy keeps for roles at a hub."""

    actor: AtHub


class OpenRequest(HttpRequest):
    """On a page that is also for visitors, who have no actor."""

    actor: Actor | None
