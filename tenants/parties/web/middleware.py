"""Puts the actor on every request: who is this, at which hub."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenants.parties import access

HUB_KEY = "hub"


class ActorMiddleware:
    """Sets `request.actor` (None for a visitor) and keeps personal pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.actor = (
            access.actor_for(request.user, hub_slug=request.session.get(HUB_KEY)) if signed_in else None
        )
        response = self.get_response(request)
        if signed_in and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
